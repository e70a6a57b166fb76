using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>A client certificate with its matching key, and the intermediates to send with it.</summary>
internal sealed class ClientIdentity : IEquatable<ClientIdentity>
{
    private static readonly SharedValues<ClientIdentity> Shared = new();

    private ClientIdentity(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> intermediates) =>
        (Leaf, Intermediates) = (leaf, intermediates);

    /// <summary>The client certificate, with its private key.</summary>
    public X509Certificate2 Leaf { get; }

    public IReadOnlyList<X509Certificate2> Intermediates { get; }

    /// <summary>What identifies them, the leaf first.</summary>
    public IReadOnlyList<CertificateSummary> Summaries =>
        field ??= [.. Intermediates.Prepend(Leaf).Select(one => CertificateSummary.Of(one.RawDataMemory))];

    /// <summary>The identity of two PEM values; the same for the same texts.</summary>
    public static ClientIdentity? FromPem(
        string key, Place keyPlace, string? passphrase, DerivedKeys derived, string crt, Place crtPlace,
        DiagnosticList diagnostics) =>
        Shared.GetOrMake(
            [key, PemText.FormOf(keyPlace), passphrase, crt, PemText.FormOf(crtPlace)], diagnostics,
            found => ReadPem(key, keyPlace, passphrase, derived, crt, crtPlace, found));

    private static ClientIdentity? ReadPem(
        string key, Place keyPlace, string? passphrase, DerivedKeys derived, string crt, Place crtPlace,
        DiagnosticList diagnostics)
    {
        var certificates = CertificateReader.Read(crt, crtPlace, diagnostics, mayHoldKey: true);
        using var privateKey = PrivateKeyReader.Read(key, passphrase, derived, keyPlace, diagnostics);
        var hasAcceptedKeys = certificates
            .Select((c, i) => HasAcceptedKey(c.Certificate, isLeaf: i == 0, c.Place, diagnostics))
            .All(isAccepted => isAccepted);
        if (certificates.Count == 0 || !hasAcceptedKeys || privateKey is null)
        {
            return null;
        }

        if (KeyPair.Join(certificates[0].Certificate.Platform, privateKey) is { } leaf)
        {
            WarnAboutUsage(certificates[0].Certificate, certificates[0].Place, diagnostics);
            return new ClientIdentity(leaf, [.. certificates.Skip(1).Select(c => c.Certificate.Platform)]);
        }

        ReportMismatch(
            [.. certificates.Select(c => c.Certificate.Platform)], privateKey, keyPlace, crtPlace, diagnostics);
        return null;
    }

    /// <summary>The only key of a PKCS#12 file, its certificate, and the other certificates as intermediates.</summary>
    public static ClientIdentity? FromPkcs12(byte[] data, string? passphrase, Place place, DiagnosticList diagnostics)
    {
        if (Pkcs12Reader.Read(data, passphrase, place, diagnostics) is not { } found)
        {
            return null;
        }

        // A bundle may contain the client certificate twice.
        List<X509Certificate2> certificates =
        [
            .. found.OrderByDescending(one => one.HasPrivateKey)
                .DistinctBy(one => one.GetCertHashString(HashAlgorithmName.SHA256)),
        ];
        var withKey = certificates.Where(certificate => certificate.HasPrivateKey).ToList();
        if (withKey is not [var leaf])
        {
            diagnostics.Error(DiagnosticCodes.BadPkcs12, place,
                $"{place.Path} must hold one private key with its certificate, and holds "
                    + $"{Text.Count(certificates.Count, "certificate")}, {withKey.Count} of them with a private key.");
            return null;
        }

        var areUsable = certificates.All(
            certificate => IsUsable(certificate, certificate == leaf, place, diagnostics));
        return areUsable && HasItsOwnKey(leaf, place, diagnostics)
            ? new ClientIdentity(leaf, [.. certificates.Where(certificate => certificate != leaf)]) : null;
    }

    /// <summary>
    /// An identity from code. The policy keeps its own handles, so the caller may dispose the certificates.
    /// </summary>
    public static ClientIdentity? FromCertificate(
        X509Certificate2 certificate,
        X509Certificate2Collection intermediates,
        Place place,
        Place intermediatesPlace,
        DiagnosticList diagnostics)
    {
        var sent = intermediates.Select(one => CertificateReader.Copy(one, intermediatesPlace, diagnostics)).ToList();
        var areUsable = sent.TrueForAll(
            one => one is not null && HasAcceptedKey(one, isLeaf: false, intermediatesPlace, diagnostics));
        if (!IsUsable(certificate, isLeaf: true, place, diagnostics))
        {
            return null;
        }

        if (!certificate.HasPrivateKey)
        {
            diagnostics.Error(DiagnosticCodes.NoPrivateKey, place,
                $"{place.Path} '{NameText.OfSubject(certificate)}' has no private key.");
            return null;
        }

        return HasItsOwnKey(certificate, place, diagnostics) && areUsable
            ? new ClientIdentity(new X509Certificate2(certificate), [.. sent.Select(one => one!.Platform)]) : null;
    }

    public bool Equals(ClientIdentity? other) =>
        other is not null
        && Leaf.RawDataMemory.Span.SequenceEqual(other.Leaf.RawDataMemory.Span)
        && Intermediates.Count == other.Intermediates.Count
        && Intermediates.Zip(other.Intermediates)
            .All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span));

    public override bool Equals(object? obj) => Equals(obj as ClientIdentity);

    public override int GetHashCode() => Leaf.GetHashCode();

    /// <summary>The platform combines any key with any certificate, as a file may, without comparing them.</summary>
    private static bool HasItsOwnKey(X509Certificate2 leaf, Place place, DiagnosticList diagnostics)
    {
        if (KeyPair.Matches(leaf))
        {
            return true;
        }

        diagnostics.Error(DiagnosticCodes.KeyMismatch, place,
            $"{place.Path}: the private key does not belong to the certificate '{NameText.OfSubject(leaf)}'.");
        return false;
    }

    private static void ReportMismatch(
        List<X509Certificate2> certificates, AsymmetricAlgorithm privateKey, Place keyPlace, Place crtPlace,
        DiagnosticList diagnostics)
    {
        var owner = certificates.Skip(1).FirstOrDefault(c => KeyPair.Join(c, privateKey) is not null);
        if (owner is not null)
        {
            diagnostics.Error(DiagnosticCodes.LeafNotFirst, crtPlace,
                $"{crtPlace.Path} must begin with the client certificate; "
                + $"the key belongs to '{NameText.OfSubject(owner)}', which comes further down.");
            return;
        }

        diagnostics.Error(DiagnosticCodes.KeyMismatch, keyPlace,
            $"{keyPlace.Path} does not belong to the first certificate of {crtPlace.Path}, "
            + $"'{NameText.OfSubject(certificates[0])}'.");
    }

    private static bool IsUsable(X509Certificate2 certificate, bool isLeaf, Place place, DiagnosticList diagnostics)
    {
        if (CertificateReader.Copy(certificate, place, diagnostics) is not { } copy || !HasAcceptedKey(
            copy, isLeaf, place, diagnostics))
        {
            return false;
        }

        if (isLeaf)
        {
            WarnAboutUsage(copy, place, diagnostics);
        }

        copy.Platform.Dispose();
        return true;
    }

    /// <summary>
    /// The client signs with the key of the leaf; the server verifies with the keys of its CAs.
    /// </summary>
    private static bool HasAcceptedKey(
        DecodedCertificate certificate, bool isLeaf, Place place, DiagnosticList diagnostics)
    {
        var key = KeyDescription.Of(certificate);
        var isKnown = key.Verdict is KeyVerdict.Accepted or KeyVerdict.NotOnPlatform;
        if (isLeaf && isKnown && KeyUsage.IsOnlyForKeyAgreement(certificate))
        {
            diagnostics.Error(DiagnosticCodes.KeyNotOnPlatform, place,
                $"{place.Path}: certificate '{NameText.Of(certificate.Subject)}' is only for key agreement, by its "
                + "key usage, and a client signs with its key; have it issued with digitalSignature.");
            return false;
        }

        if (isKnown && (key.CanSign || !isLeaf))
        {
            return true;
        }

        var allowed = isLeaf ? KeyDescription.AllowedForClients : KeyDescription.Allowed;
        var (code, reason) = key.Verdict switch
        {
            KeyVerdict.Weak => (DiagnosticCodes.WeakKey, $"keys must be {allowed}"),
            _ when isKnown => (DiagnosticCodes.KeyNotOnPlatform,
                $".NET does not sign with such keys here; a client certificate's must be {allowed}"),
            _ => (DiagnosticCodes.UnsupportedKey, $"keys must be {allowed}"),
        };
        diagnostics.Error(code, place,
            $"{place.Path}: certificate '{NameText.Of(certificate.Subject)}' has a key of kind {key.Text}; {reason}.");
        return false;
    }

    private static void WarnAboutUsage(DecodedCertificate certificate, Place place, DiagnosticList diagnostics)
    {
        if (KeyUsage.IsForCertificatesAlone(certificate))
        {
            diagnostics.Warning(DiagnosticCodes.ClientCertificateIsCA, place,
                $"{place.Path}: certificate '{NameText.Of(certificate.Subject)}' is a CA's, whose key usage has "
                + "keyCertSign without digitalSignature; most servers refuse it; issue one for the client.");
        }

        if (!certificate.Allows(DecodedCertificate.ClientAuth))
        {
            diagnostics.Warning(DiagnosticCodes.NoClientAuthUsage, place,
                $"{place.Path}: certificate '{NameText.Of(certificate.Subject)}' has an extended key usage "
                + $"without clientAuth; most servers refuse it.");
        }
    }
}
