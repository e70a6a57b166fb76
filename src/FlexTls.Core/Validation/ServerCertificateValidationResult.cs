namespace FlexTls;

/// <summary>The verdict on a server's certificate.</summary>
public sealed class ServerCertificateValidationResult
{
    internal static readonly ServerCertificateValidationResult Accepted = new([]);

    internal ServerCertificateValidationResult(IReadOnlyList<ServerCertificateFailure> failures) => Failures = failures;

    /// <summary>Whether the certificate is accepted.</summary>
    public bool IsValid => Failures.Count == 0;

    /// <summary>Every reason for a refusal, the most telling first; empty when the certificate is accepted.</summary>
    public IReadOnlyList<ServerCertificateFailure> Failures { get; }

    /// <summary>The verdict with its reasons, one a line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        IsValid ? "accepted" : string.Join(Environment.NewLine, Failures.Select(f => $"{f.Code}: {f.Message}"));
}
