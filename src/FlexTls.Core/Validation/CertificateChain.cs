#pragma warning disable RS0030 // X509Chain is banned elsewhere so that chains are built here and only here.
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>A chain that the platform built for a certificate, with the platform's verdict.</summary>
internal sealed class CertificateChain : IDisposable
{
    private readonly X509Chain _chain;
    private readonly bool _isOwned;

    private CertificateChain(X509Certificate2 server, X509Chain chain, bool isValid, bool isOwned)
    {
        (_chain, _isOwned) = (chain, isOwned);
        IsValid = isValid;
        IsOfServer = chain.ChainElements.Count > 0
            && chain.ChainElements[0].Certificate.RawDataMemory.Span.SequenceEqual(server.RawDataMemory.Span);
    }

    /// <summary>Whether the platform accepts it.</summary>
    public bool IsValid { get; }

    /// <summary>Whether it is a chain of the server's certificate.</summary>
    public bool IsOfServer { get; }

    /// <summary>Whether it was built to end in the operating system's anchors.</summary>
    public bool IsUnderSystemTrust => _chain.ChainPolicy.TrustMode == X509ChainTrustMode.System;

    /// <summary>The platform's findings about the chain as a whole.</summary>
    public IEnumerable<X509ChainStatusFlags> Findings => _chain.ChainStatus.Select(status => status.Status);

    public static CertificateChain Build(
        X509Certificate2 server, IEnumerable<X509Certificate2> intermediates, X509ChainPolicy policy)
    {
        policy.ExtraStore.AddRange(intermediates.ToArray());
        var chain = new X509Chain { ChainPolicy = policy };
        return new CertificateChain(server, chain, chain.Build(server), isOwned: true);
    }

    /// <summary>The chain that the platform built in a handshake; the platform disposes it.</summary>
    public static CertificateChain OfHandshake(X509Certificate2 server, X509Chain chain, SslPolicyErrors findings) =>
        new(server, chain, (findings & SslPolicyErrors.RemoteCertificateChainErrors) == 0, isOwned: false);

    /// <summary>The certificates, the server's own first, with the platform's findings about each.</summary>
    /// <param name="roots">Provides the anchors that are already decoded.</param>
    /// <param name="verification">Decodes the others.</param>
    public IReadOnlyList<ChainElement> Decode(TrustedRoots roots, Verification verification)
    {
        var elements = new ChainElement[_chain.ChainElements.Count];
        for (var i = 0; i < elements.Length; i++)
        {
            var element = _chain.ChainElements[i];
            var anchor = roots.Find(element.Certificate);
            var decoded = anchor ?? verification.DecodeElement(element.Certificate);
            elements[i] = new ChainElement(decoded, anchor is not null, element.ChainElementStatus);
        }

        return elements;
    }

    public void Dispose()
    {
        if (!_isOwned)
        {
            return;
        }

        foreach (var element in _chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        _chain.Dispose();
    }
}
