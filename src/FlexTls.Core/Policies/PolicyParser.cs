namespace FlexTls;

/// <summary>
/// The only way from what a person wrote to a policy: every rule runs, so that one run finds all faults.
/// </summary>
internal static class PolicyParser
{
    /// <summary>
    /// The terms of the policy, or <see langword="null"/> after an error in <paramref name="diagnostics"/>.
    /// </summary>
    public static PolicyTerms? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        var own = new DiagnosticList();
        var written = EmptyRules.Remove(document, own).WithReferences(own);
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
        MutualTlsRules.Check(written, own);
        var allowsPlainHttp = PlainHttpRules.Parse(written, own);
        UnusedRules.Check(document, own);

        var found = own.InFileOrder();
        diagnostics.AddRange(found);
        return own.HasErrors || offer is null ? null : new PolicyTerms
        {
            SkipValidation = written.SkipValidation,
            Versions = offer.Value.Range,
            VersionWithoutSuites = requested!.Versions
                .Where(version => version < offer.Value.Range.Min).Cast<TlsVersion?>().LastOrDefault(),
            CipherSuites = offer.Value.Suites,
            Alpn = alpn,
            AlpnPlace = written.Alpn is [{ Place: var first }, ..] ? first : null,
            TrustAnchors = anchors,
            TrustSystemCA = written.TrustSystemCA is not null,
            ClientIdentity = identity,
            IdentityPlace = written.IdentityPlace,
            ServerName = serverName,
            SubjectAltNames = names,
            Pins = pins,
            DrainTimeout = drainTimeout,
            RequireMutualTls = written.RequireMutualTls is not null,
            AllowPlainHttp = allowsPlainHttp,
            WrittenSettings = document.Keys,
            Diagnostics = found,
        };
    }
}
