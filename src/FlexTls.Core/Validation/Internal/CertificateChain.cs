#pragma warning disable RS0030 // X509Chain is banned elsewhere so that chains are built here and only here.
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Validation;

/// <summary>A chain that the platform built for a certificate, and what it thinks of it.</summary>
internal sealed class CertificateChain : IDisposable
{
    private readonly X509Chain _chain;
    private readonly bool _isOwned;

    private CertificateChain(X509Certificate2 leaf, X509Chain chain, bool isValid, bool isOwned)
    {
        (_chain, _isOwned) = (chain, isOwned);
        Path = [.. chain.ChainElements.Select(element => element.Certificate)];
        IsValid = isValid && Path.Count > 0 && Path[0].RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span);
    }

    /// <summary>Whether it is a chain of the certificate in question, and the platform is content with it.</summary>
    public bool IsValid { get; }

    /// <summary>The certificates, the server's own first.</summary>
    public IReadOnlyList<X509Certificate2> Path { get; }

    /// <summary>What the platform says about each certificate of the path.</summary>
    public IEnumerable<(X509Certificate2 Certificate, X509ChainStatus[] Findings)> Elements =>
        _chain.ChainElements.Select(element => (element.Certificate, element.ChainElementStatus));

    /// <summary>What the platform says about the chain as a whole.</summary>
    public IEnumerable<X509ChainStatusFlags> Findings => _chain.ChainStatus.Select(status => status.Status);

    /// <summary>The time that the chain is judged at.</summary>
    public DateTime VerificationTime => _chain.ChainPolicy.VerificationTime;

    public static CertificateChain Build(X509Certificate2 leaf, X509Certificate2Collection intermediates, X509ChainPolicy policy)
    {
        policy.ExtraStore.AddRange(intermediates);
        var chain = new X509Chain { ChainPolicy = policy };
        return new CertificateChain(leaf, chain, chain.Build(leaf), isOwned: true);
    }

    /// <summary>The chain that the platform built in a handshake; the platform disposes it.</summary>
    public static CertificateChain OfHandshake(X509Certificate2 leaf, X509Chain chain, SslPolicyErrors findings) =>
        new(leaf, chain, (findings & SslPolicyErrors.RemoteCertificateChainErrors) == 0, isOwned: false);

    public void Dispose()
    {
        if (!_isOwned)
        {
            return;
        }

        foreach (var certificate in Path)
        {
            certificate.Dispose();
        }

        _chain.Dispose();
    }
}
