using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>
/// The state of one verdict: the certificates, each decoded once however many paths it is in, a bound on the work, and
/// the caller's token. A server may send anything, so work is counted in bytes.
/// </summary>
/// <param name="server">The server's certificate.</param>
/// <param name="sent">The certificates that it sent too.</param>
/// <param name="now">The time of the verdict.</param>
/// <param name="cancellationToken">Ends the verification.</param>
internal sealed class Verification(
    X509Certificate2 server, X509Certificate2Collection sent, DateTimeOffset now, CancellationToken cancellationToken)
{
    /// <summary>The most bytes that a server may send: ten times what the platform accepts in a handshake.</summary>
    public const int MostBytesPresented = 1024 * 1024;

    /// <summary>The most bytes of certificates that are decoded or are in paths, all together.</summary>
    public const int MostBytes = 2 * 1024 * 1024;

    /// <summary>The most comparisons of names with names: as many as OpenSSL makes for one chain.</summary>
    public const int MostComparisons = 1 << 20;

    /// <summary>The most checks of signatures, of EC P-256 ones; those with larger keys count as more.</summary>
    public const int MostSignatures = 1024;

    private readonly Dictionary<ReadOnlyMemory<byte>, DecodedCertificate> _decoded = new(new SameBytes());
    private readonly Dictionary<DecodedCertificate, ServerCertificateFailure?> _issuers = [];
    private NameConstraintRules? _nameConstraints;
    private SignatureMemory? _signatures;
    private List<DecodedCertificate>? _readable;
    private long _bytes;

    public X509Certificate2 Server => server;

    public X509Certificate2Collection Sent => sent;

    public DateTimeOffset Now => now;

    /// <summary>The name constraint rules, which count their comparisons.</summary>
    public NameConstraintRules NameConstraints => _nameConstraints ??= new(this);

    /// <summary>The signatures that are known to be bad, and what checking signatures costs.</summary>
    public SignatureMemory Signatures => _signatures ??= new(this);

    /// <summary>Whether the server sent more than <see cref="MostBytesPresented"/>.</summary>
    public bool IsTooLong =>
        sent.Prepend(server).Sum(certificate => (long)certificate.RawDataMemory.Length) > MostBytesPresented;

    /// <summary>Whether the server sent its own certificate and nothing else; some platforms count it twice.</summary>
    public bool IsServerAlone =>
        sent.All(other => other.RawDataMemory.Span.SequenceEqual(server.RawDataMemory.Span));

    /// <summary>Whether the bound on the work was reached, so that not everything was checked.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Counts work; <see langword="false"/>: the bound is reached.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public bool TrySpend(long bytes)
    {
        ThrowIfCanceled();
        _bytes += bytes;
        IsExhausted |= _bytes > MostBytes;
        return !IsExhausted;
    }

    /// <summary>Leaves the rest undone.</summary>
    /// <returns><see langword="false"/>: no more may be looked at.</returns>
    public bool Exhaust() => !(IsExhausted = true);

    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public void ThrowIfCanceled() => cancellationToken.ThrowIfCancellationRequested();

    /// <summary>What is wrong with the issuers of a certificate, found out once, however many paths end there.</summary>
    public ServerCertificateFailure? RememberIssuer(
        DecodedCertificate certificate, Func<ServerCertificateFailure?> find)
    {
        ThrowIfCanceled();
        if (!_issuers.TryGetValue(certificate, out var known))
        {
            _issuers.Add(certificate, known = find());
        }

        return known;
    }

    /// <summary>A certificate that the server sent, decoded.</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">It is malformed.</exception>
    public DecodedCertificate DecodeSent(X509Certificate2 certificate)
    {
        var bytes = certificate.RawDataMemory;
        if (!_decoded.TryGetValue(bytes, out var decoded))
        {
            TrySpend(bytes.Length);
            decoded = DecodedCertificate.Of(certificate);
            _decoded.Add(bytes, decoded);
        }

        return decoded;
    }

    /// <summary>
    /// A certificate of a platform chain, decoded. The chain holds copies, which are disposed with it, so the original
    /// is decoded.
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
    /// What the server sent beside its own certificate; one that cannot be read leads nowhere, and is left out.
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

    /// <summary>The reason if there are more names than are compared, by these rules or by the platform.</summary>
    public static ServerCertificateFailure TooManyNames { get; } = Refusal.Of(
        DiagnosticCodes.MoreNamesThanCompared,
        "the certificate has too many names to compare",
        "the certificate has so many names, and so many constraints or subjectAltNames to compare them with, "
        + "that neither the platform nor FlexTls compares them",
        "let the server have a certificate with fewer names, or one by a CA with fewer constraints");

    /// <summary>The reason if the bound was reached.</summary>
    public static ServerCertificateFailure TooMuch { get; } = Refusal.Of(
        DiagnosticCodes.TooMuchToVerify,
        "the server sends more certificates than are looked at",
        "the certificates that the server sends would take more work than any honest chain does, "
        + "and not all of them were looked at",
        "let the server send its own certificate and the intermediates to its CA, and nothing else");

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
