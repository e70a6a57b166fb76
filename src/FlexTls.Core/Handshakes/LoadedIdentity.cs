using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;

namespace FlexTls.Handshakes;

/// <summary>
/// A policy's client certificate in the form that the platform presents. Nobody disposes it: handshakes under way and
/// options that were handed out use it, so its handles are freed when the last of them is gone.
/// </summary>
internal sealed class LoadedIdentity
{
    public LoadedIdentity(ClientIdentity identity)
    {
        Leaf = Usable(identity.Leaf);

        // The only form that sends the intermediates of the bundle; offline: nothing is looked up to complete them.
        Context = SslStreamCertificateContext.Create(Leaf, [.. identity.Intermediates], offline: true);
    }

    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>
    /// Windows cannot use a key that exists in memory only; a PKCS#12 round trip gives it one that it can.
    /// </summary>
    private static X509Certificate2 Usable(X509Certificate2 leaf) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null)
        : leaf;
}
