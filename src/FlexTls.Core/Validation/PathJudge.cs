namespace FlexTls;

/// <summary>
/// Judges one path of a server's certificate: what the platform says about it, our own rules, and the pins.
/// </summary>
internal sealed class PathJudge(TrustedRoots roots, OutboundTlsPolicy policy)
{
    private readonly ChainRules _chainRules = new(roots);
    private readonly PinnedKeyRules _pinnedKeyRules = new(policy);

    /// <summary>The server's certificate is itself listed: it is trusted byte for byte, whatever its form.</summary>
    public Judgment JudgeListed(DecodedCertificate server, DateTimeOffset now) =>
        WithPins(new([server], true, [.. PathRules.CheckListed(server, now)]));

    /// <summary>
    /// Refuses a chain with a certificate that FlexTls or the platform cannot read; a path without it may be good.
    /// </summary>
    public Judgment Judge(
        Func<CertificateChain> build, Verification verification, IReadOnlyList<DecodedCertificate>? path = null)
    {
        try
        {
            using var chain = build();
            return Judge(chain, verification, path);
        }
        catch (Exception e) when (UnbuiltChain.IsReadingFailure(e))
        {
            return new Judgment([], false, [UnbuiltChain.FailureOf(e, verification.DecodeSent(verification.Server))]);
        }
    }

    /// <param name="chain">The platform's chain.</param>
    /// <param name="verification">The verdict that this is part of.</param>
    /// <param name="path">The intended path; <see langword="null"/>: any.</param>
    private Judgment Judge(CertificateChain chain, Verification verification, IReadOnlyList<DecodedCertificate>? path)
    {
        var seen = _chainRules.Check(chain, verification, path?.Count);
        if (seen.Path.Count == 0)
        {
            return seen;
        }

        var failures = PathRules.Check(seen.Path, seen.IsAnchored, verification.Now).ToList();

        // For the same fault, our reason is more detailed; and a platform finding about constraints may concern key
        // usage.
        var theirs = seen.Failures.Where(their => !failures.Exists(our => IsTheSame(our.Code, their.Code)))
            .ToLookup(their => their.Code == DiagnosticCodes.BadBasicConstraints);
        failures = [.. theirs[false], .. failures, .. theirs[true]];
        if (path is not null
            && !(seen.Path.Count == path.Count && seen.Path.Zip(path).All(pair => pair.First.Is(pair.Second))))
        {
            failures.Add(Refusal.Of(
                DiagnosticCodes.ChainRefused, "the certificate is refused",
                "the platform does not accept the path that was found"));
        }

        // These cost more, and are for certificates whose signatures are known to be good.
        if (failures.Count == 0)
        {
            failures.AddRange(verification.NameConstraints.Check(seen.Path));
        }

        var found = failures.DistinctBy(failure => (failure.Code, failure.Presented)).Take(PathRules.MostFailures);
        return WithPins(seen with { Failures = [.. found] });
    }

    private Judgment WithPins(Judgment judgment) =>
        judgment.Failures.Count == 0 && _pinnedKeyRules.Check(judgment.Path) is { } notPinned
            ? judgment with { Failures = [notPinned] }
            : judgment;

    /// <summary>The platform has one finding for both ends of the validity period.</summary>
    private static bool IsTheSame(string ours, string theirs) =>
        ours == theirs || (theirs == DiagnosticCodes.Expired && ours == DiagnosticCodes.NotYetValid);
}
