using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// A policy's client certificate in the form that the platform presents. It is never disposed: running handshakes and
/// options that were handed out use it, so its handles are freed with the last of these.
/// </summary>
internal sealed class LoadedIdentity
{
    private static readonly ConditionalWeakTable<ClientIdentity, LoadedIdentity> Loaded = [];

    private LoadedIdentity(ClientIdentity identity)
    {
        Leaf = Usable(identity.Leaf);

        // Only this form sends the intermediates of the bundle; offline: the platform looks up nothing to complete
        // them.
        Context = SslStreamCertificateContext.Create(Leaf, [.. identity.Intermediates], offline: true);
        Summary = CertificateSummary.Of(Leaf.RawDataMemory);
    }

    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>Whether CA certificates are sent with it.</summary>
    public bool SendsIntermediates => Context.IntermediateCertificates.Count > 0;

    /// <summary>What identifies the certificate.</summary>
    public CertificateSummary Summary { get; }

    /// <summary>The loaded form of an identity, which all policies share that have the identity.</summary>
    public static LoadedIdentity Of(ClientIdentity identity) =>
        Loaded.GetValue(identity, one => new LoadedIdentity(one));

    /// <summary>
    /// Windows cannot use a key that exists only in memory; a PKCS#12 round trip turns it into a usable one.
    /// </summary>
    private static X509Certificate2 Usable(X509Certificate2 leaf) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null)
        : leaf;
}
