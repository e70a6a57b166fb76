using System.Globalization;

namespace FlexTls;

/// <summary>
/// The losses when one policy replaces another. A half-written file looks like one that takes something away, and a
/// weaker policy must never come into force by accident.
/// </summary>
/// <param name="TakenAway">What the next policy lacks, in words; may be empty.</param>
/// <param name="Weaker">Where the next policy protects less, in words; may be empty.</param>
internal sealed record PolicyChange(IReadOnlyList<string> TakenAway, IReadOnlyList<string> Weaker)
{
    /// <summary>Why the change must wait, each reason once; empty: it need not.</summary>
    public IReadOnlyList<string> Reasons => [.. Weaker.Union(TakenAway)];

    /// <summary>Compares the policy in force with the one that would replace it.</summary>
    public static PolicyChange Between(OutboundTlsPolicy old, OutboundTlsPolicy next) =>
        new([.. FindTakenAway(old, next).OfType<string>()], [.. FindWeaker(old, next).OfType<string>()]);

    private static IEnumerable<string?> FindTakenAway(OutboundTlsPolicy old, OutboundTlsPolicy next)
    {
        yield return old.HasTrustedCA && !next.HasTrustedCA ? TrustedCAGone(old, next) : null;
        yield return Shorter("trustedCA", old.TrustAnchors?.Certificates.Count, next.TrustAnchors?.Certificates.Count);
        yield return !old.HasClientCertificate ? null
            : !next.HasClientCertificate ? "certificate is gone"
            : next.DangerousSkipValidation && !old.DangerousSkipValidation ? "certificate is no longer presented"
            : null;
        yield return Shorter("certificate.crt", Sent(old), Sent(next));
        yield return Gone("pins", old.Pins.Count, next.Pins.Count) ?? Shorter("pins", old.Pins.Count, next.Pins.Count);
        yield return Gone("subjectAltNames", old.SubjectAltNames.Count, next.SubjectAltNames.Count)
            ?? Shorter("subjectAltNames", old.SubjectAltNames.Count, next.SubjectAltNames.Count);
    }

    private static IEnumerable<string?> FindWeaker(OutboundTlsPolicy old, OutboundTlsPolicy next)
    {
        // Add a line for each key that weakens security whatever else the policy says, here and in the command's
        // PolicyDifferences.
        yield return next.DangerousAllowPlainHttp && !old.DangerousAllowPlainHttp
            ? "allowPlainHttp is on: requests without TLS are sent"
            : null;
        yield return next.Versions.Min < old.Versions.Min
            ? $"minversion is {next.Versions.Min.ToText()} instead of {old.Versions.Min.ToText()}"
            : null;
        yield return Weakest(next) is { } weakest && weakest < (Weakest(old) ?? CipherSuiteAdvice.Secure)
            ? $"ciphers has suites that are only {weakest}"
            : null;
        if (old.DangerousSkipValidation)
        {
            // The server was not checked at all, so no check can become weaker.
            yield break;
        }

        if (next.DangerousSkipValidation)
        {
            yield return "skipValidation is on: the server is not validated";
            yield break;
        }

        // Add a line for each key that decides which servers are accepted.
        yield return !TrustsSystem(next) || TrustsSystem(old) ? null
            : next.HasTrustedCA ? "trustSystemCA is on"
            : TrustedCAGone(old, next);
        yield return old.RequireMutualTls && !next.RequireMutualTls ? "requireMutualTls is gone" : null;
        yield return Gone("pins", old.Pins.Count, next.Pins.Count) ?? Wider("pins", Hashes(old), Hashes(next));
        yield return Gone("subjectAltNames", old.SubjectAltNames.Count, next.SubjectAltNames.Count)
            ?? Wider("subjectAltNames", old.SubjectAltNames, next.SubjectAltNames);
    }

    private static bool TrustsSystem(OutboundTlsPolicy policy) => !policy.HasTrustedCA || policy.TrustSystemCA;

    private static string TrustedCAGone(OutboundTlsPolicy old, OutboundTlsPolicy next) =>
        old.DangerousSkipValidation || next.DangerousSkipValidation || TrustsSystem(old)
            ? "trustedCA is gone"
            : "trustedCA is gone: the operating system's CAs take its place";

    private static int? Sent(OutboundTlsPolicy policy) =>
        policy.ClientIdentity is { } identity ? 1 + identity.Intermediates.Count : null;

    private static IReadOnlyList<string> Hashes(OutboundTlsPolicy policy) =>
        [.. policy.Pins.Select(pin => Convert.ToHexString(pin.Span))];

    /// <summary>
    /// The worst advice among the suites that a policy can choose; those of TLS 1.3 cannot be chosen.
    /// </summary>
    private static CipherSuiteAdvice? Weakest(OutboundTlsPolicy policy) =>
        policy.CipherSuites.Where(suite => !suite.IsTls13).Select(suite => (CipherSuiteAdvice?)suite.Advice).Min();

    private static string? Gone(string key, int old, int next) => old > 0 && next == 0 ? $"{key} is gone" : null;

    private static string? Shorter(string key, int? old, int? next) =>
        next < old ? string.Create(CultureInfo.InvariantCulture, $"{key} has {next} instead of {old} entries") : null;

    private static string? Wider<T>(string key, IReadOnlyList<T> old, IReadOnlyList<T> next) =>
        old.Count > 0 && next.Except(old).Any() ? $"{key} accepts more than before" : null;
}
