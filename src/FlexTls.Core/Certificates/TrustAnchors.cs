using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>The only certificates that a policy trusts. Never empty.</summary>
internal sealed class TrustAnchors : IEquatable<TrustAnchors>
{
    private static readonly SharedValues<TrustAnchors> Shared = new();

    private TrustAnchors(IReadOnlyList<DecodedCertificate> certificates) => Certificates = certificates;

    public IReadOnlyList<DecodedCertificate> Certificates { get; }

    /// <summary>What identifies them.</summary>
    public IReadOnlyList<CertificateSummary> Summaries =>
        field ??= [.. Certificates.Select(anchor => CertificateSummary.Of(anchor.RawData))];

    /// <summary>The anchor that equals this certificate byte for byte.</summary>
    public DecodedCertificate? Find(ReadOnlyMemory<byte> certificate)
    {
        foreach (var anchor in Certificates)
        {
            if (anchor.RawData.Span.SequenceEqual(certificate.Span))
            {
                return anchor;
            }
        }

        return null;
    }

    /// <summary>The certificates of a PEM value; the same for the same text.</summary>
    public static TrustAnchors? FromPem(string text, Place place, DiagnosticList diagnostics) =>
        Shared.GetOrMake([text, PemText.FormOf(place)], diagnostics, found =>
        {
            var certificates = CertificateReader.Read(text, place, found);
            return certificates.Count == 0 ? null : Create(certificates, place, found);
        });

    /// <summary>
    /// Anchors from code. The policy keeps its own handles, so the caller may dispose the certificates.
    /// </summary>
    public static TrustAnchors? FromCollection(
        X509Certificate2Collection collection, Place place, DiagnosticList diagnostics)
    {
        var copies = collection.Select(certificate => CertificateReader.Copy(certificate, place, diagnostics)).ToList();
        return copies.Contains(null) ? null : Create([.. copies.Select(copy => (copy!, place))], place, diagnostics);
    }

    public bool Equals(TrustAnchors? other) =>
        other is not null
            && Certificates.Count == other.Certificates.Count
            && Certificates.Zip(other.Certificates).All(pair => pair.First.Is(pair.Second));

    public override bool Equals(object? obj) => Equals(obj as TrustAnchors);

    public override int GetHashCode() => HashCode.Combine(Certificates.Count, Certificates[0].Platform.GetHashCode());

    private static TrustAnchors? Create(
        IReadOnlyList<(DecodedCertificate Certificate, Place Place)> found, Place place, DiagnosticList diagnostics)
    {
        var kept = new List<DecodedCertificate>();
        foreach (var (certificate, at) in found)
        {
            if (IsWorthKeeping(certificate, kept, at, diagnostics))
            {
                kept.Add(certificate);
            }
        }

        if (kept.Count == 0)
        {
            diagnostics.Error(DiagnosticCodes.NoTrustAnchorLeft, place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{place.Path} has {found.Count} certificates, none of which can be trusted; keys must be "
                    + $"{KeyDescription.Allowed}."));
            return null;
        }

        return new TrustAnchors(kept);
    }

    private static bool IsWorthKeeping(
        DecodedCertificate certificate, List<DecodedCertificate> kept, Place place, DiagnosticList diagnostics)
    {
        var key = KeyDescription.Of(certificate);
        if (key.Verdict != KeyVerdict.Accepted)
        {
            var (code, reason) = key.Verdict switch
            {
                KeyVerdict.Weak => (DiagnosticCodes.WeakTrustAnchor, $"keys must be {KeyDescription.Allowed}"),
                KeyVerdict.NotOnPlatform =>
                    (DiagnosticCodes.KeyNotOnPlatform,
                        "this platform does not verify with such keys (ML-DSA needs OpenSSL 3.5)"),
                _ => (DiagnosticCodes.UnsupportedKey, $"keys must be {KeyDescription.Allowed}"),
            };
            diagnostics.Warning(code, place,
                $"{place.Path}: certificate '{NameText.Of(certificate.Subject)}' has a key of kind {key.Text} and is "
                + $"left out; {reason}.");
            return false;
        }

        if (kept.Exists(certificate.Is))
        {
            diagnostics.Warning(DiagnosticCodes.DuplicateTrustAnchor, place,
                $"{place.Path}: certificate '{NameText.Of(certificate.Subject)}' "
                + "is listed twice; the second is left out.");
            return false;
        }

        if (!certificate.IsAuthority)
        {
            diagnostics.Information(DiagnosticCodes.TrustAnchorIsNoCA, place,
                $"{place.Path}: certificate '{NameText.Of(certificate.Subject)}' is not a CA certificate; "
                + "it vouches only for itself.");
        }

        return true;
    }
}
