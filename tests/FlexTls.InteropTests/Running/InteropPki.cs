using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Interop;

/// <summary>The certificates of all servers and of the client. Leaves come from intermediates; only the root is trusted.</summary>
internal sealed class InteropPki
{
    public const string Host = "localhost";
    public const string ClientName = "interop-client";

    private readonly TestCA _root = TestCA.Root("CN=FlexTls Interop Root");
    private readonly TestCA _servers;
    private readonly TestCA _foreign = TestCA.Root("CN=FlexTls Interop Foreign Root");

    public InteropPki()
    {
        _servers = _root.Intermediate("CN=FlexTls Interop Servers");
        var clients = _root.Intermediate("CN=FlexTls Interop Clients");
        Client = Presented(clients.IssueClient($"CN={ClientName}"), clients);

        var direct = _root.IssueClient($"CN={ClientName}");
        ClientOfTheRoot = new CertificateOptions { Key = direct.KeyPem(), Crt = direct.ExportCertificatePem() };

        // Not of the CA of the foreign server: lighttpd's mod_wolfssl trusts the CAs of all its ports on each.
        var strangers = TestCA.Root("CN=FlexTls Interop Strangers");
        ForeignClient = Presented(strangers.IssueClient($"CN={ClientName}"), strangers);
    }

    public string RootPem => _root.Pem;

    /// <summary>A client certificate with its intermediate.</summary>
    public CertificateOptions Client { get; }

    /// <summary>A client certificate of the root.</summary>
    public CertificateOptions ClientOfTheRoot { get; }

    /// <summary>A client certificate that no server trusts.</summary>
    public CertificateOptions ForeignClient { get; }

    /// <summary>The certificate of a port, with its key, and the CA certificate that is sent with it.</summary>
    public (X509Certificate2 Leaf, X509Certificate2 Issuer) For(ServerPort port) => port switch
    {
        ServerPort.Rsa => (Issue(_servers, new CertificateRequestOptions { Key = KeyKind.Rsa2048, DnsNames = [Host] }), _servers.Certificate),
        ServerPort.Foreign => (_foreign.IssueServer(Host), _foreign.Certificate),
        ServerPort.WrongName => (_servers.IssueServer("other.example"), _servers.Certificate),
        ServerPort.Expired => (Issue(_servers, new CertificateRequestOptions { DnsNames = [Host], NotAfter = DateTimeOffset.UtcNow.AddHours(-1) }), _servers.Certificate),
        ServerPort.CommonName => (Issue(_servers, new CertificateRequestOptions()), _servers.Certificate),
        _ => (_servers.IssueServer(Host), _servers.Certificate),
    };

    private static X509Certificate2 Issue(TestCA ca, CertificateRequestOptions options) => ca.Issue($"CN={Host}", options);

    private static CertificateOptions Presented(X509Certificate2 leaf, TestCA issuer) =>
        new() { Key = leaf.KeyPem(), Crt = leaf.ChainPem(issuer.Certificate) };
}
