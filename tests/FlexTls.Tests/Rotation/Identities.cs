using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;

namespace FlexTls.Rotation;

/// <summary>Client certificates one after the other, each with a subject of its own, and policies that present them.</summary>
internal static class Identities
{
    private static readonly ConcurrentDictionary<int, X509Certificate2> Issued = new();

    /// <summary>The subject by which servers know a certificate.</summary>
    public static string Subject(int number) => $"CN=client {number}";

    /// <summary>A policy that trusts <see cref="Pki.Root"/> and presents a certificate.</summary>
    public static OutboundTlsOptions Policy(int number, string alpn = "h2,http/1.1") => Policy(Issued.GetOrAdd(number, _ => Pki.Root.IssueClient(Subject(number))), alpn);

    /// <summary>The same, with a certificate that expires.</summary>
    public static OutboundTlsOptions Expiring(int number, DateTimeOffset notAfter, string alpn = "h2,http/1.1") => Policy(
        Pki.Root.Issue(Subject(number), new CertificateRequestOptions { Usages = [CertificateRequestOptions.ClientAuth], NotAfter = notAfter }), alpn);

    private static OutboundTlsOptions Policy(X509Certificate2 certificate, string alpn) => new()
    {
        TrustedCA = Pki.Root.Pem,
        Certificate = new CertificateOptions { Key = certificate.KeyPem(), Crt = certificate.ExportCertificatePem() },
        Alpn = alpn.Split(',', StringSplitOptions.RemoveEmptyEntries),
    };
}
