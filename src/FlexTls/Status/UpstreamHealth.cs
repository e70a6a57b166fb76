namespace FlexTls;

/// <summary>The health of one upstream.</summary>
/// <param name="Findings">The problems; empty: the upstream is healthy.</param>
/// <param name="IsIdentityExpired">Whether servers will refuse the client certificate.</param>
/// <param name="Data">The data for programs.</param>
internal sealed record UpstreamHealth(
    IReadOnlyList<string> Findings, bool IsIdentityExpired, IReadOnlyDictionary<string, object> Data)
{
    public static UpstreamHealth Of(Upstream upstream, ExpiryThresholds thresholds, DateTimeOffset now)
    {
        // Each value is read once, because it may be replaced meanwhile.
        var (state, refused) = (upstream.State, upstream.RefusedClients.Combined);
        var (generation, pending, weakening) = (state.Generation, state.Pending, state.Weakening);
        var certificates = Expiries.Of(generation.Context).OrderBy(certificate => certificate.NotAfter).ToList();
        var findings = certificates.Where(certificate => thresholds.Reached(certificate, now) is not null)
            .Select(certificate => certificate.Describe(now))
            .ToList();
        if (weakening is not null)
        {
            findings.Insert(
                0,
                $"generation {generation.Number} is weaker than the last confirmed one: "
                + string.Join("; ", weakening.Reasons));
        }

        if (refused is not null)
        {
            findings.Insert(0, $"requests have been refused since {refused.Since:u}: {Joined(refused.Faults)}");
        }

        if (state.Degradation is { } source)
        {
            findings.Insert(0, $"generation {generation.Number} stays in force; "
                + $"its source has been unusable since {source.Since:u}: {Joined(source.Faults)}");
        }

        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["state"] = UpstreamTlsStatus.StateOf(
                refused is not null || state.Degradation is not null, pending is not null, weakening is not null)
                .ToString(),
            ["generation"] = generation.Number,
        };
        if (certificates.Count > 0)
        {
            data.Add("firstExpiry", certificates[0].NotAfter);
        }

        if (pending is not null)
        {
            data.Add("waitsUntil", pending.Until);
            data.Add("waitsBecause", pending.Change.Reasons);
        }

        if (weakening is not null)
        {
            data.Add("weakenedSince", weakening.Since);
            data.Add("weakenedBecause", weakening.Reasons);
        }

        return new UpstreamHealth(
            findings, certificates.Exists(certificate => certificate.IsOfIdentity && certificate.IsExpired(now)), data);
    }

    private static string Joined(IEnumerable<TlsPolicyDiagnostic> faults) =>
        Text.Join(", ", faults.Select(fault => fault.ToString()));
}
