using System.Net;
using FlexTls.Contexts;

namespace FlexTls.Connections;

/// <summary>Which answers are redirects, where they lead, and what becomes of the method: as the platform's own handler has it.</summary>
internal static class RedirectRules
{
    /// <summary>Where an answer leads; <see langword="null"/>: it is the answer to hand out.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="asked">The address that gave it.</param>
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

        // A target without a fragment takes over that of the request (RFC 9110, section 10.2.2).
        if (target.Fragment.Length == 0 && asked.Fragment.Length > 0)
        {
            target = new UriBuilder(target) { Fragment = asked.Fragment }.Uri;
        }

        return target.IsTls() || (target.IsPlainHttp() && !asked.IsTls()) ? target : null;
    }

    /// <summary>Whether a request is repeated as a GET without its content.</summary>
    public static bool BecomesGet(HttpStatusCode status, HttpMethod method) => status switch
    {
        HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently
        or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
