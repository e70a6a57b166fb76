using System.Net;

namespace FlexTls;

/// <summary>
/// Determines which responses are redirects, where they lead, and the method of the next hop, as the platform's handler
/// does.
/// </summary>
internal static class RedirectRules
{
    /// <summary>The redirect target; <see langword="null"/>: the response goes to the caller.</summary>
    /// <param name="response">The response.</param>
    /// <param name="asked">The address of the request.</param>
    public static Uri? TargetOf(HttpResponseMessage response, Uri asked)
    {
        if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var target = location;
        if (!location.IsAbsoluteUri && !Uri.TryCreate(asked, location, out target))
        {
            return null;
        }

        // A target without a fragment inherits that of the request (RFC 9110, section 10.2.2).
        if (target.Fragment.Length == 0 && asked.Fragment.Length > 0)
        {
            target = new UriBuilder(target) { Fragment = asked.Fragment }.Uri;
        }

        return target.IsTls() || (target.IsPlainHttp() && !asked.IsTls()) ? target : null;
    }

    /// <summary>Whether a request is repeated as a GET without its content.</summary>
    public static bool BecomesGet(HttpStatusCode status, HttpMethod method) => status switch
    {
        HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found =>
            method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently
        or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
            or HttpStatusCode.PermanentRedirect;
}
