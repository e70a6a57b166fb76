using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>The certificates that a server presented, kept so that another policy can judge them again.</summary>
internal sealed class PresentedChain
{
    private readonly ReadOnlyMemory<byte>[] _certificates;
    private IReadOnlyList<CertificateDates>? _dates;
    private string? _fingerprint;

    private PresentedChain(ReadOnlyMemory<byte>[] certificates) => _certificates = certificates;

    /// <summary>No certificates; no validator accepts this.</summary>
    public static PresentedChain None { get; } = new([]);

    /// <summary>
    /// The server's certificate and those sent with it. Keeps only their bytes, which were already read, and not the
    /// platform's objects.
    /// </summary>
    public static PresentedChain Of(X509Certificate2? leaf, X509Certificate2Collection sent) =>
        leaf is null ? None : new([leaf.RawDataMemory, .. sent.Select(certificate => certificate.RawDataMemory)]);

    /// <summary>The number of bytes.</summary>
    public int Length => _certificates.Sum(certificate => certificate.Length);

    /// <summary>Whether the other chain has the same bytes.</summary>
    public bool Is(PresentedChain other)
    {
        if (_certificates.Length != other._certificates.Length)
        {
            return false;
        }

        for (var i = 0; i < _certificates.Length; i++)
        {
            if (!_certificates[i].Span.SequenceEqual(other._certificates[i].Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the server's own certificate is that of the other chain.</summary>
    public bool HasLeafOf(PresentedChain other) => Leaf.Span.SequenceEqual(other.Leaf.Span);

    /// <summary>The server's own certificate; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Leaf => _certificates is [var leaf, ..] ? leaf : default;

    /// <summary>Whether the server sent the certificate.</summary>
    public bool Contains(DecodedCertificate one) => Array.Exists(
        _certificates, certificate => certificate.Span.SequenceEqual(one.RawData.Span));

    /// <summary>The platform's objects for the certificates.</summary>
    /// <exception cref="CryptographicException">One cannot be read.</exception>
    public IEnumerable<X509Certificate2> Load() => _certificates.Select(Load);

    /// <summary>The dates of each certificate, read on first use.</summary>
    public IReadOnlyList<CertificateDates> Dates => _dates ??= ReadDates();

    /// <summary>Equal for chains of the same certificates; computed on first use.</summary>
    public string Fingerprint() => _fingerprint ??= ComputeFingerprint();

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var certificate in _certificates)
        {
            hash.AppendData(certificate.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private IReadOnlyList<CertificateDates> ReadDates() =>
        [.. _certificates.Select(DatesOf).OfType<CertificateDates>().Distinct()];

    /// <summary>
    /// <see langword="null"/> for a certificate that the platform cannot read: a server may send anything in addition
    /// to the relevant ones.
    /// </summary>
    private static CertificateDates? DatesOf(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var certificate = Load(bytes);
            return CertificateDates.Of(certificate);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static X509Certificate2 Load(ReadOnlyMemory<byte> certificate) =>
        X509CertificateLoader.LoadCertificate(certificate.Span);
}
