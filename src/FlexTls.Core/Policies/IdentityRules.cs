namespace FlexTls;

/// <summary><c>certificate</c>: the client's identity.</summary>
internal static class IdentityRules
{
    public static ClientIdentity? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document is { ClientIntermediatesPlace: { } intermediates, ClientCertificatePlace: null })
        {
            diagnostics.Error(DiagnosticCodes.HalfACertificate, intermediates,
                $"{intermediates.Path} applies only to ClientCertificate, which is not set; PEM text and "
                + "PKCS#12 files have their own intermediates.");
            return null;
        }

        Place?[] written = [document.Certificate, document.Pkcs12?.Place, document.ClientCertificatePlace];
        if (written.OfType<Place>().ToList() is not [var place, .. var others])
        {
            if (document.KeyPassphrase is not null)
            {
                diagnostics.Warning(
                    DiagnosticCodes.PassphraseUnused, document.KeyPassphrase.Place,
                    $"{document.KeyPassphrase.Place.Path} has no effect: there is no key that it could open.");
            }

            return null;
        }

        if (others.Count > 0)
        {
            diagnostics.Error(
                DiagnosticCodes.WrittenTwice, place, $"{place.Path} and {others[0].Path} are both set; set one.");
            return null;
        }

        var identity = Load(document, diagnostics);
        if (identity is not null && document.SkipValidation)
        {
            diagnostics.Warning(DiagnosticCodes.IdentityNotPresented, place,
                $"the client certificate is never presented, because {document.SkipValidationPlace?.Path} is true: it "
                + "is shown only to servers that were validated.");
        }

        return identity;
    }

    private static ClientIdentity? Load(PolicyDocument document, DiagnosticList diagnostics)
    {
        switch (document)
        {
            case { ClientCertificate: { } certificate, ClientCertificatePlace: { } place }:
                return ClientIdentity.FromCertificate(
                    certificate, document.ClientIntermediates ?? [], place,
                    document.ClientIntermediatesPlace ?? place, diagnostics);
            case { Pkcs12: { } pkcs12 }:
                var data = ReferencedValues.Bytes(
                    pkcs12, document.Files, diagnostics, isSecret: document.KeyPassphrase is null);
                return data is null ? null
                    : ClientIdentity.FromPkcs12(
                        data, document.KeyPassphrase?.Text, document.Pkcs12Place!, diagnostics);
            case { Key: { } key, Crt: { } crt }:
                return ClientIdentity.FromPem(
                    key.Text, key.Place, document.KeyPassphrase?.Text, document.Files.DerivedKeys, crt.Text, crt.Place,
                    diagnostics);
            default:
                diagnostics.Error(
                    DiagnosticCodes.HalfACertificate, document.Certificate!,
                    $"{document.Certificate!.Path} has {Found(document)}; it needs both key and crt.");
                return null;
        }
    }

    private static string Found(PolicyDocument document) => document switch
    {
        { Key: not null } => "key without crt",
        { Crt: not null } => "crt without key",
        _ => "neither key nor crt",
    };
}
