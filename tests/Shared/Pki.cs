using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Support;

/// <summary>The certificates that most tests need, made once a process: making them is slow, and nothing changes them.</summary>
internal static class Pki
{
    public const string Host = "orders.example";

    public static TestCA Root { get; } = TestCA.Root();

    public static TestCA Intermediate { get; } = Root.Intermediate();

    public static TestCA Foreign { get; } = TestCA.Root("CN=Foreign Root");

    public static X509Certificate2 EcServer { get; } = Root.IssueServer(Host, "localhost");

    public static X509Certificate2 RsaServer { get; } =
        Root.Issue($"CN={Host}", new CertificateRequestOptions { Key = KeyKind.Rsa2048, DnsNames = [Host, "localhost"] });

    public static X509Certificate2 Client { get; } = Intermediate.IssueClient();

    /// <summary>Options that trust <see cref="Root"/>.</summary>
    public static OutboundTlsOptions Trusting(TestCA? ca = null) => new() { TrustedCA = (ca ?? Root).Pem };

    /// <summary>Options that trust <see cref="Root"/> and present <see cref="Client"/> with its intermediate.</summary>
    public static OutboundTlsOptions MutualTls() => new()
    {
        TrustedCA = Root.Pem,
        Certificate = new CertificateOptions { Key = Client.KeyPem(), Crt = Client.ChainPem(Intermediate.Certificate) },
    };

    /// <summary>Options that trust <see cref="Root"/> and present a certificate that it has issued.</summary>
    public static OutboundTlsOptions Presenting(X509Certificate2 client) => new()
    {
        TrustedCA = Root.Pem,
        Certificate = new CertificateOptions { Key = client.KeyPem(), Crt = client.ExportCertificatePem() },
    };

    public static OutboundTlsContext Context(OutboundTlsOptions options, string? name = null, TimeProvider? clock = null) =>
        new TlsContextFactory(clock).Create(OutboundTlsPolicy.Create(options), name);
}
