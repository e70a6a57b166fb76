using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>The only certificates that a policy trusts. Never empty.</summary>
internal sealed class TrustAnchors : IEquatable<TrustAnchors>
{
    private TrustAnchors(IReadOnlyList<X509Certificate2> certificates) => Certificates = certificates;

    public IReadOnlyList<X509Certificate2> Certificates { get; }

    /// <summary>The anchor that is this certificate, byte for byte. What is read from it stays read, which a handshake's own copy is too short-lived for.</summary>
    public X509Certificate2? Find(X509Certificate2 certificate)
    {
        var data = certificate.RawDataMemory.Span;
        foreach (var anchor in Certificates)
        {
            if (anchor.RawDataMemory.Span.SequenceEqual(data))
            {
                return anchor;
            }
        }

        return null;
    }

    public bool Contains(X509Certificate2 certificate) => Find(certificate) is not null;

    public static TrustAnchors? FromPem(string text, Place place, DiagnosticList diagnostics)
    {
        var certificates = CertificateReader.Read(text, place, diagnostics);
        return certificates.Count == 0 ? null : Create(certificates, place, diagnostics);
    }

    /// <summary>Anchors that code hands over; the policy keeps its own handles, so the caller may dispose his.</summary>
    public static TrustAnchors? FromCollection(X509Certificate2Collection collection, Place place, DiagnosticList diagnostics)
    {
        var copies = collection.Select(certificate => CertificateReader.Copy(certificate, place, diagnostics)).ToList();
        return copies.Contains(null) ? null : Create([.. copies.Select(copy => (copy!, place))], place, diagnostics);
    }

    public bool Equals(TrustAnchors? other) =>
        other is not null && Certificates.Select(c => c.Thumbprint).SequenceEqual(other.Certificates.Select(c => c.Thumbprint))
        && Certificates.Zip(other.Certificates).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span));

    public override bool Equals(object? obj) => Equals(obj as TrustAnchors);

    public override int GetHashCode() => HashCode.Combine(Certificates.Count, Certificates[0].GetHashCode());

    private static TrustAnchors? Create(
        IReadOnlyList<(X509Certificate2 Certificate, Place Place)> found, Place place, DiagnosticList diagnostics)
    {
        var kept = new List<X509Certificate2>();
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
                string.Create(CultureInfo.InvariantCulture, $"{place.Path} has {found.Count} certificates and none that can be trusted; keys must be {KeyDescription.Allowed}."));
            return null;
        }

        return new TrustAnchors(kept);
    }

    private static bool IsWorthKeeping(X509Certificate2 certificate, List<X509Certificate2> kept, Place place, DiagnosticList diagnostics)
    {
        var key = KeyDescription.Of(certificate);
        if (key.Verdict != KeyVerdict.Accepted)
        {
            var code = key.Verdict == KeyVerdict.Weak ? DiagnosticCodes.WeakTrustAnchor : DiagnosticCodes.UnsupportedKey;
            diagnostics.Warning(code, place,
                $"{place.Path}: certificate '{certificate.Subject}' has a key of kind {key.Text} and is left out; keys must be {KeyDescription.Allowed}.");
            return false;
        }

        if (new TrustAnchors(kept).Contains(certificate))
        {
            diagnostics.Warning(DiagnosticCodes.DuplicateTrustAnchor, place,
                $"{place.Path}: certificate '{certificate.Subject}' is listed twice; the second is left out.");
            return false;
        }

        if (!certificate.IsCertificateAuthority())
        {
            diagnostics.Information(DiagnosticCodes.TrustAnchorIsNoCA, place,
                $"{place.Path}: certificate '{certificate.Subject}' is no CA certificate; it vouches for exactly itself.");
        }

        return true;
    }
}
