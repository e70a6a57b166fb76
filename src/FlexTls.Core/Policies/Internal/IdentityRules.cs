using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Policies;

/// <summary><c>certificate</c>: who the policy says we are.</summary>
internal static class IdentityRules
{
    public static ClientIdentity? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        var identity = Load(document, diagnostics);
        if (identity is not null && document.SkipValidation)
        {
            diagnostics.Warning(DiagnosticCodes.IdentityNotPresented, document.Certificate ?? ClientCertificatePlace,
                $"the client certificate is never presented, because {document.SkipValidationPlace?.Path} is true: it is shown only to servers that were validated.");
        }

        return identity;
    }

    private static ClientIdentity? Load(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.ClientCertificate is not null && document.Certificate is not null)
        {
            diagnostics.Error(DiagnosticCodes.WrittenTwice, document.Certificate, $"{document.Certificate.Path} and {ClientCertificatePlace.Path} are both set; set one.");
            return null;
        }

        if (document.ClientCertificate is not null)
        {
            return ClientIdentity.FromCertificate(document.ClientCertificate, ClientCertificatePlace, diagnostics);
        }

        switch (document)
        {
            case { Certificate: null }:
                return null;
            case { Key: { } key, Crt: { } crt }:
                return ClientIdentity.FromPem(key.Text, key.Place, crt.Text, crt.Place, diagnostics);
            default:
                diagnostics.Error(DiagnosticCodes.HalfACertificate, document.Certificate, $"{document.Certificate.Path} has {Found(document)}; it needs both key and crt.");
                return null;
        }
    }

    private static string Found(PolicyDocument document) => document switch
    {
        { Key: not null } => "key without crt",
        { Crt: not null } => "crt without key",
        _ => "neither key nor crt",
    };

    private static Place ClientCertificatePlace { get; } = new(nameof(OutboundTlsOptions.ClientCertificate));
}
