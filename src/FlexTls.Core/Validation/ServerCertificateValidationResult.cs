using System.Text;

namespace FlexTls;

/// <summary>The verdict on a server's certificate.</summary>
public sealed class ServerCertificateValidationResult
{
    internal static readonly ServerCertificateValidationResult Accepted = new([], []);
    private readonly Lazy<IReadOnlyList<CertificateSummary>> _path;

    internal ServerCertificateValidationResult(
        IReadOnlyList<ServerCertificateFailure> failures, IReadOnlyList<ReadOnlyMemory<byte>> path)
    {
        Failures = failures;
        _path = new(() => [.. path.Select(CertificateSummary.Of)]);
    }

    /// <summary>Whether the certificate is accepted.</summary>
    public bool IsValid => Failures.Count == 0;

    /// <summary>Every reason for a refusal, the most telling first; empty when the certificate is accepted.</summary>
    public IReadOnlyList<ServerCertificateFailure> Failures { get; }

    /// <summary>
    /// The path that the verdict is about, the server's certificate first: the one that was accepted, or of those that
    /// were tried the one that tells most. Empty if there was none, or if validation is skipped.
    /// </summary>
    public IReadOnlyList<CertificateSummary> Path => _path.Value;

    /// <summary>
    /// The whole verdict, for the log of an operator: the reasons, what was expected and presented, and the path, one a
    /// line.
    /// </summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder(IsValid ? "accepted" : "refused:");
        foreach (var failure in Failures)
        {
            text.AppendLine().Append(failure.Code).Append(": ").Append(failure.Message);
            Append(text, " Expected: ", failure.Expected);
            Append(text, " Presented: ", failure.Presented);
        }

        for (var i = 0; i < Path.Count; i++)
        {
            text.AppendLine().Append(i == 0 ? "server " : "issuer ").Append(Path[i]);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string label, string? value)
    {
        if (value is not null)
        {
            text.Append(label).Append(value).Append('.');
        }
    }
}
