using System.Text;

namespace FlexTls;

/// <summary>The verdict on a server's certificate.</summary>
public sealed class ServerCertificateValidationResult
{
    internal static readonly ServerCertificateValidationResult Accepted = new([], []);
    private readonly Lazy<IReadOnlyList<CertificateSummary>> _path;

    /// <summary>Creates a verdict, for tests of code that handles it.</summary>
    /// <param name="failures">The reasons for a refusal; empty: the certificate is accepted.</param>
    /// <param name="path">The path, the server's certificate first.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public ServerCertificateValidationResult(
        IReadOnlyList<ServerCertificateFailure> failures, IReadOnlyList<CertificateSummary> path)
    {
        ArgumentNullException.ThrowIfNull(failures);
        ArgumentNullException.ThrowIfNull(path);
        Failures = Array.AsReadOnly([.. failures]);
        IReadOnlyList<CertificateSummary> own = Array.AsReadOnly([.. path]);
        _path = new(own);
    }

    private ServerCertificateValidationResult(
        IReadOnlyList<ServerCertificateFailure> failures, Func<IReadOnlyList<CertificateSummary>> path)
    {
        Failures = failures;
        _path = new(path);
    }

    /// <summary>Whether the certificate is accepted.</summary>
    public bool IsValid => Failures.Count == 0;

    /// <summary>All reasons for a refusal, the most informative first; empty if the certificate is accepted.</summary>
    public IReadOnlyList<ServerCertificateFailure> Failures { get; }

    /// <summary>
    /// The path of the verdict, the server's certificate first: the accepted path, or the most informative of those
    /// that were tried. Empty if there was none, or if validation is skipped.
    /// </summary>
    public IReadOnlyList<CertificateSummary> Path => _path.Value;

    /// <summary>A verdict on a path, whose certificates are read when somebody asks for them.</summary>
    internal static ServerCertificateValidationResult Of(
        IReadOnlyList<ServerCertificateFailure> failures, IReadOnlyList<ReadOnlyMemory<byte>> path) =>
        new(failures, () => [.. path.Select(CertificateSummary.Of)]);

    /// <summary>
    /// The whole verdict for an operator's log: the reasons, the expected and presented values, and the path, each on
    /// its own line.
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
