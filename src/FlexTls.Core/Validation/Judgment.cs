namespace FlexTls;

/// <summary>The faults of one path of a server's certificate; without faults it is accepted.</summary>
/// <param name="Path">The path, the server's certificate first; up to the anchor if it reached one.</param>
/// <param name="IsAnchored">Whether it ends in a trusted certificate.</param>
/// <param name="Failures">The reasons, the most informative first.</param>
internal sealed record Judgment(
    IReadOnlyList<DecodedCertificate> Path, bool IsAnchored, IReadOnlyList<ServerCertificateFailure> Failures)
{
    /// <summary>Whether the platform refuses the chain without a reason: then no other path can help.</summary>
    public bool IsUnexplained { get; init; }

    public bool IsAccepted => IsAnchored && Failures.Count == 0;

    /// <summary>
    /// Whether this one is more helpful for a fix: a path to a trusted certificate is, and one with fewer faults.
    /// </summary>
    public bool ExplainsMoreThan(Judgment other) =>
        IsAnchored != other.IsAnchored ? IsAnchored : IsAnchored && Failures.Count < other.Failures.Count;

    /// <summary>
    /// Adds the reason why another path cannot replace one that has expired: its CA was renewed, and the certificates
    /// below name the old one.
    /// </summary>
    public Judgment WithRenewedIssuer(Judgment other) =>
        Failures.All(failure => failure.Code == DiagnosticCodes.Expired)
        && other.Failures.FirstOrDefault(failure => failure.Code == DiagnosticCodes.OtherIssuerCertificate)
            is { } renewed
            ? this with { Failures = [.. Failures, renewed] }
            : this;

    /// <summary>The verdict; its path remains usable after the certificates are disposed.</summary>
    public ServerCertificateValidationResult ToResult() =>
        ServerCertificateValidationResult.Of(Failures, [.. Path.Select(certificate => certificate.RawData)]);
}
