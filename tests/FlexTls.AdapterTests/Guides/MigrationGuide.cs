using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/migrate-from-callbacks.md shows as the code before: none of it is good.</summary>
internal static class MigrationGuide
{
    public static void AcceptAnything(HttpClientHandler handler)
    {
        // <snippet>
        handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        // </snippet>
    }

    public static void ForgiveChains(HttpClientHandler handler)
    {
        // <snippet>
        handler.ServerCertificateCustomValidationCallback = (_, _, _, errors) =>
            errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors;
        // </snippet>
    }

    public static void CheckTheChainAlone(HttpClientHandler handler, X509Certificate2 companyCA)
    {
        // <snippet>
        handler.ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(companyCA);
            return chain.Build(certificate!);
        };
        // </snippet>
    }

    public static void ExpectOne(HttpClientHandler handler, string expected)
    {
        // <snippet>
        handler.ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate!.Thumbprint == expected;
        // </snippet>
    }

    public static void LoadOnce(HttpClientHandler handler, string certificateFile, string keyFile)
    {
        // <snippet>
        handler.ClientCertificates.Add(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
        // </snippet>
    }

    public static void SetOneVersion(HttpClientHandler handler)
    {
        // <snippet>
        handler.SslProtocols = SslProtocols.Tls12;
        // </snippet>
    }
}
