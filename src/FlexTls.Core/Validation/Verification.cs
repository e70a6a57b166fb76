using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The state of one verdict: the certificates, each decoded once however many paths contain it, and the results about
/// them.
/// </summary>
/// <param name="server">The server's certificate.</param>
/// <param name="sent">The other certificates that it sent.</param>
/// <param name="now">The time of the verdict.</param>
/// <param name="cancellationToken">Ends the verification.</param>
internal sealed class Verification(
    X509Certificate2 server, X509Certificate2Collection sent, DateTimeOffset now, CancellationToken cancellationToken)
{
    /// <summary>
    /// The maximum number of bytes that a server may send: ten times the platform's limit in a handshake.
    /// </summary>
    public const int MostBytesPresented = 1024 * 1024;

    private readonly Dictionary<ReadOnlyMemory<byte>, DecodedCertificate> _decoded = new(new SameBytes());
    private readonly Dictionary<DecodedCertificate, ServerCertificateFailure?> _issuers = [];
    private NameConstraintRules? _nameConstraints;
    private SignatureMemory? _signatures;
    private List<DecodedCertificate>? _readable;

    public X509Certificate2 Server => server;

    public X509Certificate2Collection Sent => sent;

    public DateTimeOffset Now => now;

    /// <summary>The limit on the work, and the caller's token.</summary>
    public VerificationBudget Budget { get; } = new(cancellationToken);

    /// <summary>The name constraint rules, which count their comparisons.</summary>
    public NameConstraintRules NameConstraints => _nameConstraints ??= new(Budget);

    /// <summary>The signatures known to be bad, and the cost of checking signatures.</summary>
    public SignatureMemory Signatures => _signatures ??= new(Budget);

    /// <summary>Whether the server sent more than <see cref="MostBytesPresented"/>.</summary>
    public bool IsTooLong =>
        sent.Prepend(server).Sum(certificate => (long)certificate.RawDataMemory.Length) > MostBytesPresented;

    /// <summary>Whether the server sent only its own certificate, which some platforms list twice.</summary>
    public bool IsServerAlone =>
        sent.All(other => other.RawDataMemory.Span.SequenceEqual(server.RawDataMemory.Span));

    /// <summary>The fault of the issuers of a certificate, determined once, however many paths end there.</summary>
    public ServerCertificateFailure? RememberIssuer(
        DecodedCertificate certificate, Func<ServerCertificateFailure?> find)
    {
        Budget.ThrowIfCanceled();
        if (!_issuers.TryGetValue(certificate, out var known))
        {
            _issuers.Add(certificate, known = find());
        }

        return known;
    }

    /// <summary>The decoded form of a certificate that the server sent.</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">It is malformed.</exception>
    public DecodedCertificate DecodeSent(X509Certificate2 certificate)
    {
        var bytes = certificate.RawDataMemory;
        if (!_decoded.TryGetValue(bytes, out var decoded))
        {
            Budget.TrySpend(bytes.Length);
            decoded = DecodedCertificate.Of(certificate);
            _decoded.Add(bytes, decoded);
        }

        return decoded;
    }

    /// <summary>
    /// The decoded form of a certificate in a platform chain. The chain contains copies, which are disposed with it, so
    /// the original is decoded.
    /// </summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">It is malformed.</exception>
    public DecodedCertificate DecodeElement(X509Certificate2 certificate)
    {
        var bytes = certificate.RawDataMemory;
        return DecodeSent(
            sent.Prepend(server).FirstOrDefault(own => own.RawDataMemory.Span.SequenceEqual(bytes.Span))
                ?? certificate);
    }

    /// <summary>
    /// The certificates that the server sent besides its own. Unreadable ones lead nowhere, and are left out.
    /// </summary>
    public IReadOnlyList<DecodedCertificate> DecodeReadable() => _readable ??= DecodeAllReadable();

    private List<DecodedCertificate> DecodeAllReadable()
    {
        var readable = new List<DecodedCertificate>();
        foreach (var certificate in sent)
        {
            try
            {
                var decoded = DecodeSent(certificate);
                _ = (decoded.SubjectName, decoded.IssuerName);
                readable.Add(decoded);
            }
            catch (AsnContentException)
            {
                continue;
            }
        }

        return readable;
    }

    private sealed class SameBytes : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes.Span);
            return hash.ToHashCode();
        }
    }
}
