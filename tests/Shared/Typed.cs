using System.Net.Security;

namespace FlexTls.Support;

/// <summary>The options in code for the words of a policy, which tables of cases are written in.</summary>
internal static class Typed
{
    /// <summary>A version, such as <c>1.2</c>.</summary>
    public static TlsVersion? Version(string? text) =>
        text is null ? null : Enum.Parse<TlsVersion>($"Tls{text.Replace(".", "", StringComparison.Ordinal)}");

    /// <summary>Cipher suites by their names.</summary>
    public static IList<TlsCipherSuite>? Suites(params string[]? names) => names?.Select(Enum.Parse<TlsCipherSuite>).ToList();
}
