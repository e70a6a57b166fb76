using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;

namespace FlexTls.Contexts;

/// <summary>A policy's client certificate in the form that the platform presents, with handles of its own.</summary>
internal sealed class LoadedIdentity : IDisposable
{
    private readonly X509Certificate2Collection _intermediates;

    public LoadedIdentity(ClientIdentity identity)
    {
        Leaf = Usable(identity.Leaf);
        _intermediates = [.. identity.Intermediates.Select(certificate => new X509Certificate2(certificate))];

        // The only form that sends the intermediates of the bundle; offline: nothing is looked up to complete them.
        Context = SslStreamCertificateContext.Create(Leaf, _intermediates, offline: true);
    }

    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    public void Dispose()
    {
        Leaf.Dispose();
        foreach (var certificate in _intermediates)
        {
            certificate.Dispose();
        }
    }

    /// <summary>Windows cannot use a key that exists in memory only; a PKCS#12 round trip gives it one that it can.</summary>
    private static X509Certificate2 Usable(X509Certificate2 leaf) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null)
        : new X509Certificate2(leaf);
}
