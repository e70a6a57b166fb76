using Microsoft.AspNetCore.Http;

namespace FlexTls;

/// <summary>The states that the page shows: it has no script, so its links name them in the query.</summary>
internal static class StateFilter
{
    public const string Key = "state";

    /// <summary>The state of the query; <see langword="null"/>: all.</summary>
    public static UpstreamTlsState? Of(HttpRequest request)
    {
        foreach (var state in Enum.GetValues<UpstreamTlsState>())
        {
            if (string.Equals(request.Query[Key], $"{state}", StringComparison.OrdinalIgnoreCase))
            {
                return state;
            }
        }

        return null;
    }
}
