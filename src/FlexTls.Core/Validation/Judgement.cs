using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>What is wrong with one path of a server's certificate; nothing: it is accepted.</summary>
/// <param name="Path">The path, the server's certificate first; up to the anchor if one was reached.</param>
/// <param name="IsAnchored">Whether it ends in a certificate that is trusted.</param>
/// <param name="Failures">The reasons, the most telling first.</param>
internal sealed record Judgement(
    IReadOnlyList<DecodedCertificate> Path, bool IsAnchored, IReadOnlyList<ServerCertificateFailure> Failures)
{
    /// <summary>
    /// Whether the platform refuses the chain without saying why: then there is nothing that another path could mend.
    /// </summary>
    public bool IsUnexplained { get; init; }

    public bool IsAccepted => IsAnchored && Failures.Count == 0;

    /// <summary>
    /// Whether this one tells more about what to mend: a path to a trusted certificate does, and one with fewer faults.
    /// </summary>
    public bool TellsMoreThan(Judgement other) =>
        IsAnchored != other.IsAnchored ? IsAnchored : IsAnchored && Failures.Count < other.Failures.Count;

    /// <summary>
    /// With the reason why another path does not take the place of one that has expired: its CA was renewed, and the
    /// certificates below name the old one.
    /// </summary>
    public Judgement WithRenewedIssuer(Judgement other) =>
        Failures.All(failure => failure.Code == DiagnosticCodes.Expired)
        && other.Failures.FirstOrDefault(failure => failure.Code == DiagnosticCodes.OtherIssuerCertificate)
            is { } renewed
            ? this with { Failures = [.. Failures, renewed] }
            : this;

    /// <summary>The verdict; the path outlives the certificates.</summary>
    public ServerCertificateValidationResult ToResult() =>
        new(Failures, [.. Path.Select(certificate => certificate.RawData)]);
}
