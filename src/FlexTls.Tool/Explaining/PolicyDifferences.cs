namespace FlexTls;

/// <summary>Compares two states of a policy. What is weaker is what a reload reports as such.</summary>
internal static class PolicyDifferences
{
    public static IEnumerable<Difference> Between(OutboundTlsContext before, OutboundTlsContext after) =>
        Find(before.Policy, after.Policy).Where(one => one.Before != one.After).OrderBy(one => one.Effect);

    private static IEnumerable<Difference> Find(OutboundTlsPolicy before, OutboundTlsPolicy after)
    {
        // While the server is not checked at all, no check can become weaker or stronger.
        var checks = !before.DangerousSkipValidation && !after.DangerousSkipValidation;
        return
        [
            Of(
                "skipValidation", one => YesOrNo(one.DangerousSkipValidation),
                Rank(one => one.DangerousSkipValidation ? 0 : 1)),
            Of(
                "allowPlainHttp", one => YesOrNo(one.DangerousAllowPlainHttp),
                Rank(one => one.DangerousAllowPlainHttp ? 0 : 1)),
            Of("minversion", one => Words.Of(one.Versions.Min), Rank(one => (int)one.Versions.Min)),
            Of("maxversion", one => Words.Of(one.Versions.Max), Effect.Other),
            Of("ciphers", Suites, SuitesOf(before, after)),
            Of("alpn", one => Words.OfAlpn(one.Alpn), Effect.Other),
            OfCheck("trustedCA", Trust, Rank(one => TrustsSystem(one) ? 0 : 1)),
            OfCheck("subjectAltNames", one => List(one.ExpectedNames), Width(one => one.ExpectedNames)),
            OfCheck("pins", one => List(one.PinnedKeys), Width(one => one.PinnedKeys)),
            OfCheck(
                "requireMutualTls", one => YesOrNo(one.RequireMutualTls), Rank(one => one.RequireMutualTls ? 1 : 0)),
            Of("serverName", one => one.ServerName ?? "the host", Effect.Other),
            Of("certificate", one => List([.. one.ClientCertificates.Select(Show)]), Effect.Other),
            Of("drainTimeout", one => Words.Of(one.DrainTimeout), Effect.Other),
        ];

        Difference Of(string name, Func<OutboundTlsPolicy, string> show, Effect effect) =>
            new(name, show(before), show(after), effect);

        Difference OfCheck(string name, Func<OutboundTlsPolicy, string> show, Effect effect) =>
            Of(name, show, checks ? effect : Effect.Other);

        Effect Rank(Func<OutboundTlsPolicy, int> rank) => Compare(rank(before), rank(after));

        Effect Width(Func<OutboundTlsPolicy, IReadOnlyList<string>> accepted) =>
            WidthOf(accepted(before), accepted(after));
    }

    private static Effect Compare(int before, int after) =>
        after < before ? Effect.Weaker : after > before ? Effect.Stronger : Effect.Other;

    /// <summary>A list without entries accepts everything; another one, what it lists.</summary>
    private static Effect WidthOf(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        (before.Count, after.Count) switch
        {
            (0, 0) => Effect.Other,
            (0, _) => Effect.Stronger,
            (_, 0) => Effect.Weaker,
            _ when after.Except(before).Any() => Effect.Weaker,
            _ => before.Except(after).Any() ? Effect.Stronger : Effect.Other,
        };

    private static Effect SuitesOf(OutboundTlsPolicy before, OutboundTlsPolicy after) =>
        (WorstAdvice(before), WorstAdvice(after)) switch
        {
            // Those of TLS 1.3, which cannot be chosen, are at least secure.
            (null, { } worst) => worst < CipherSuiteAdvice.Secure ? Effect.Weaker : Effect.Other,
            ({ } worst, null) => worst < CipherSuiteAdvice.Secure ? Effect.Stronger : Effect.Other,
            var (old, next) => Compare((int?)old ?? 0, (int?)next ?? 0),
        };

    /// <summary>The worst advice among the suites that can be chosen; <see langword="null"/>: there are none.</summary>
    private static CipherSuiteAdvice? WorstAdvice(OutboundTlsPolicy policy) =>
        policy.CipherSuites.Where(suite => !suite.IsTls13).Min(suite => (CipherSuiteAdvice?)suite.Advice);

    private static bool TrustsSystem(OutboundTlsPolicy policy) => !policy.HasTrustedCA || policy.TrustSystemCA;

    private static string Trust(OutboundTlsPolicy policy) => List(
        [.. policy.TrustedCAs.Select(Show), .. TrustsSystem(policy) ? ["the operating system's CAs"] : (string[])[]]);

    private static string Show(CertificateSummary certificate) =>
        $"{certificate.Subject} (SHA-256 {certificate.Sha256Fingerprint[..16]}…)";

    private static string Suites(OutboundTlsPolicy policy) =>
        policy.Versions.Min == TlsVersion.Tls13 ? "none below TLS 1.3"
            : List([.. policy.CipherSuites.Where(suite => !suite.IsTls13).Select(suite => suite.Name)]);

    private static string List(IReadOnlyList<string> values) => values.Count == 0 ? "none" : string.Join('\n', values);

    private static string YesOrNo(bool value) => value ? "true" : "false";
}
