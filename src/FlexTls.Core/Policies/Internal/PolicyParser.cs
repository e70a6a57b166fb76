using FlexTls.Diagnostics;

namespace FlexTls.Policies;

/// <summary>The one way from what a person wrote to a policy: every rule runs, so that all faults are found in one go.</summary>
internal static class PolicyParser
{
    /// <summary>The policy, or <see langword="null"/> if <paramref name="diagnostics"/> got an error.</summary>
    public static OutboundTlsPolicy? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        var own = new DiagnosticList();
        var written = FileValues.Read(EmptyRules.Remove(document, own), own);
        var requested = VersionRules.Parse(written, own);
        var suites = CipherRules.Parse(written, own);
        var offer = requested is null || suites is null ? null : OfferRules.Parse(written, requested, suites, own);
        var alpn = AlpnRules.Parse(written, offer?.Range, own);
        var anchors = TrustRules.Parse(written, own);
        var identity = IdentityRules.Parse(written, own);
        var serverName = ServerNameRules.Parse(written, own);
        var names = SubjectAltNameRules.Parse(written, own);
        var pins = PinRules.Parse(written, own);
        var drainTimeout = DrainRules.Parse(written, own);
        var allowsPlainHttp = PlainHttpRules.Parse(written, own);
        UnusedRules.Check(document, own);

        var found = own.InFileOrder();
        diagnostics.AddRange(found);
        return own.HasErrors || offer is null
            ? null
            : new OutboundTlsPolicy(
                written.SkipValidation, offer.Value.Range, offer.Value.Suites, alpn, anchors, identity, serverName,
                names, written.TrustSystemCA is not null, pins, drainTimeout, found)
            {
                AlpnPlace = written.Alpn is [{ Place: var first }, ..] ? first : null,
                IdentityPlace = written.IdentityPlace,
                DangerousAllowPlainHttp = allowsPlainHttp,
                VersionWithoutSuites = requested!.Versions
                    .Where(version => version < offer.Value.Range.Min).Cast<TlsVersion?>().LastOrDefault(),
            };
    }
}
