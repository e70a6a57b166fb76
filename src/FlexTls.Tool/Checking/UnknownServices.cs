namespace FlexTls;

/// <summary>
/// Policies whose Service is missing where the others' are described: perhaps nothing can ever use them, because the
/// name is misspelled or its Service is gone.
/// </summary>
internal static class UnknownServices
{
    public static IEnumerable<TlsPolicyDiagnostic> Find(IReadOnlyList<UpstreamTlsStatus> upstreams) =>
        upstreams.All(upstream => upstream.Addresses.Count == 0) ? []
            : upstreams.Where(upstream => upstream is { Addresses: [], FileName: not null })
                .Select(upstream => Findings.Warning(
                    Findings.UnknownService, upstream,
                    "the files describe other Services, but none with this name; correct spec.targetRef, or remove the "
                    + "binding if the Service is gone."));
}
