using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>
/// A server's certificate under an intermediate and a root, the root among so many trusted CAs, and the two validations
/// that are compared. Both do what <see cref="SslStream"/> does: they copy the chain policy, add what the server sent, build
/// the chain and throw it away. The platform's own name check, which both would pay alike, is left out.
/// </summary>
internal sealed class ValidationScenario : IDisposable
{
    private const string Host = "orders.example";

    private readonly byte[] _server;
    private readonly byte[] _intermediate;
    private readonly X509ChainPolicy _stockPolicy;
    private readonly ServerCertificateValidator _validator;
    private readonly HostName _host = HostName.Parse(Host);

    public ValidationScenario(KeyKind key, int trustedCAs)
    {
        using var root = TestCA.Root(key: key);
        using var intermediate = root.Intermediate(key: key);
        using var server = intermediate.Issue($"CN={Host}", new CertificateRequestOptions { Key = key, DnsNames = [Host] });
        (_server, _intermediate) = (server.RawData, intermediate.Certificate.RawData);

        X509Certificate2Collection trusted = [.. Among(root.Certificate, trustedCAs)];
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustAnchors = trusted });
        _validator = ServerCertificateValidator.ForUpstream(policy, owner: null, TimeProvider.System);
        _stockPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        _stockPolicy.ApplicationPolicy.Add(new Oid(CertificateRequestOptions.ServerAuth));

        // The very same objects: with hundreds, where copies of them lie in memory would make a difference of some percent.
        _stockPolicy.CustomTrustStore.AddRange(policy.TrustAnchors!.Certificates.Select(anchor => anchor.Platform).ToArray());
    }

    /// <summary>A root among so many trusted CAs; it comes last, where a search takes longest.</summary>
    public static X509Certificate2[] Among(X509Certificate2 root, int count) =>
        [.. Others(root, count - 1), X509CertificateLoader.LoadCertificate(root.RawData)];

    /// <summary>Certificates as a handshake has them: nobody has looked into them yet.</summary>
    public (X509Certificate2 Server, X509Certificate2 Intermediate) Receive() =>
        (X509CertificateLoader.LoadCertificate(_server), X509CertificateLoader.LoadCertificate(_intermediate));

    /// <summary>The strict chain, and the name by subject alternative name alone.</summary>
    public bool ValidateStock(X509Certificate2 server, X509Certificate2 intermediate) =>
        WithChain(_stockPolicy, server, intermediate, (_, isValid) => isValid && server.MatchesHostname(Host, allowWildcards: true, allowCommonName: false));

    /// <summary>What a handshake of a <see cref="OutboundTlsContext"/> costs; it knows the chain from the second one on.</summary>
    public bool ValidateContext(X509Certificate2 server, X509Certificate2 intermediate)
    {
        var verification = new HandshakeVerification(_validator, _host);
        return WithChain(verification.CreateChainPolicy(), server, intermediate, (chain, isValid) =>
            verification.Verify(this, server, chain, isValid ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors));
    }

    /// <summary>What the first handshake costs.</summary>
    public bool ValidateUnknown(X509Certificate2 server, X509Certificate2 intermediate) =>
        WithChain(_validator.CreateChainPolicy(), server, intermediate, (chain, isValid) => _validator.Validate(
            server, chain.ChainPolicy.ExtraStore,
            leaf => CertificateChain.OfHandshake(
                leaf, chain, isValid ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors),
            _host, presented: null, CancellationToken.None).IsValid);

    public void Dispose()
    {
        foreach (var trusted in _stockPolicy.CustomTrustStore)
        {
            trusted.Dispose();
        }
    }

    private static bool WithChain(X509ChainPolicy policy, X509Certificate2 server, X509Certificate2 intermediate, Func<X509Chain, bool, bool> judge)
    {
        using var chain = new X509Chain { ChainPolicy = policy.Clone() };
        chain.ChainPolicy.ExtraStore.Add(server);
        chain.ChainPolicy.ExtraStore.Add(intermediate);
        var isAccepted = judge(chain, chain.Build(server));
        foreach (var element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return isAccepted;
    }

    /// <summary>CAs of other names. All have the root's key, because new ones take long and nobody looks at them.</summary>
    private static IEnumerable<X509Certificate2> Others(X509Certificate2 root, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = new X500DistinguishedName($"CN=Trusted Root {i}, O=Another Organization, C=DE");
            using var rsa = root.GetRSAPrivateKey();
            using var ec = root.GetECDsaPrivateKey();
            var request = rsa is null
                ? new CertificateRequest(name, ec!, HashAlgorithmName.SHA256)
                : new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            using var certificate = request.CreateSelfSigned(root.NotBefore, root.NotAfter);
            yield return X509CertificateLoader.LoadCertificate(certificate.RawData);
        }
    }
}
