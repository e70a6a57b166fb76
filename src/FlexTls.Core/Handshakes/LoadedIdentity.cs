using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// A policy's client certificate in the form that the platform presents. It is never disposed: running handshakes and
/// options that were handed out use it, so its handles are freed with the last of these.
/// </summary>
internal sealed class LoadedIdentity
{
    public LoadedIdentity(ClientIdentity identity)
    {
        Leaf = Usable(identity.Leaf);

        // Only this form sends the intermediates of the bundle; offline: the platform looks up nothing to complete
        // them.
        Context = SslStreamCertificateContext.Create(Leaf, [.. identity.Intermediates], offline: true);
    }

    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>
    /// Windows cannot use a key that exists only in memory; a PKCS#12 round trip turns it into a usable one.
    /// </summary>
    private static X509Certificate2 Usable(X509Certificate2 leaf) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null)
        : leaf;
}
