using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>A certificate authority in memory: a root, or an intermediate under another one.</summary>
public sealed class TestCA : IDisposable
{
    private static readonly Lock KeyLock = new();
    private static readonly Dictionary<KeyKind, AsymmetricAlgorithm> SlowKeys = [];

    private TestCA(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>The CA's own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    public static TestCA Root(string name = "CN=FlexTls Test Root", KeyKind key = KeyKind.EcP256, DateTimeOffset? notAfter = null) =>
        Root(name, new AuthorityOptions { Key = key, NotAfter = notAfter ?? DateTimeOffset.UtcNow.AddYears(1) });

    public static TestCA Root(string name, AuthorityOptions options)
    {
        var request = Request(name, options.Key, out _);
        AddAuthorityExtensions(request, options);
        Adjust(request, options.Extensions, options.Without);
        return new TestCA(request.CreateSelfSigned(options.NotBefore, options.NotAfter));
    }

    /// <summary>An authority of any certificate with a key, whether it is one or not.</summary>
    public static TestCA Over(X509Certificate2 certificate) => new(certificate);

    public TestCA Intermediate(string name = "CN=FlexTls Test Intermediate", KeyKind key = KeyKind.EcP256) =>
        Intermediate(name, new AuthorityOptions { Key = key });

    public TestCA Intermediate(string name, AuthorityOptions options) => Certify(Request(name, options.Key, out var privateKey), privateKey, options);

    /// <summary>Another certificate for the name and the key of an authority, by this one.</summary>
    public TestCA CrossSign(TestCA authority, AuthorityOptions? options = null)
    {
        var key = authority.Certificate.GetECDsaPrivateKey()!;
        return Certify(new CertificateRequest(authority.Certificate.SubjectName, key, HashAlgorithmName.SHA256), key, options ?? new AuthorityOptions());
    }

    /// <summary>A certificate with its key, for a server or a client.</summary>
    public X509Certificate2 Issue(string subject, CertificateRequestOptions options)
    {
        var request = Request(subject, options.Key, out var privateKey);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (options.Usages.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. options.Usages.Select(usage => new Oid(usage))], false));
        }

        if (options.DnsNames.Count + options.Addresses.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in options.DnsNames)
            {
                names.AddDnsName(name);
            }

            foreach (var address in options.Addresses)
            {
                names.AddIpAddress(address);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        return Decoded(Sign(
            request, privateKey, options.NotBefore, options.NotAfter, options.Extensions, options.Without,
            options.BrokenHash));
    }

    /// <summary>A good certificate for a server of these names.</summary>
    public X509Certificate2 IssueServer(params string[] dnsNames) =>
        Issue($"CN={dnsNames[0]}", new CertificateRequestOptions { DnsNames = dnsNames });

    /// <summary>A good certificate for a client.</summary>
    public X509Certificate2 IssueClient(string subject = "CN=client", KeyKind key = KeyKind.EcP256) =>
        Issue(subject, new CertificateRequestOptions { Key = key, Usages = [CertificateRequestOptions.ClientAuth] });

    /// <summary>A certificate for an Ed25519 key: the platform cannot make one, but it can certify one.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="publicKey">The 32 bytes of the key; <see langword="null"/>: one that nobody has.</param>
    /// <param name="extensions">What it has of them.</param>
    public X509Certificate2 IssueEd25519(string subject, byte[]? publicKey = null, params X509Extension[] extensions) =>
        IssueFor(subject, "1.3.101.112", publicKey ?? RandomNumberGenerator.GetBytes(32), extensions);

    /// <summary>A certificate of a CA for a key that nobody has, of a kind that the platform may not know.</summary>
    public X509Certificate2 IssueAuthorityFor(string subject, string kind, byte[] publicKey, params X509Extension[] extensions) =>
        IssueFor(subject, kind, publicKey,
            [new X509BasicConstraintsExtension(true, false, 0, true), new X509SubjectKeyIdentifierExtension([1], false), .. extensions]);

    private X509Certificate2 IssueFor(string subject, string kind, byte[] publicKey, X509Extension[] extensions)
    {
        var key = new PublicKey(new Oid(kind), null, new AsnEncodedData(publicKey));
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        Adjust(request, extensions, without: []);
        return request.Create(Certificate.SubjectName, Signer(), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(16));
    }

    public void Dispose() => Certificate.Dispose();

    private TestCA Certify(CertificateRequest request, AsymmetricAlgorithm privateKey, AuthorityOptions options)
    {
        AddAuthorityExtensions(request, options);
        return new TestCA(Sign(request, privateKey, options.NotBefore, options.NotAfter, options.Extensions, options.Without));
    }

    private static void Adjust(CertificateRequest request, IReadOnlyList<X509Extension> extensions, IReadOnlyList<string> without)
    {
        var replaced = extensions.Select(extension => extension.Oid!.Value).Concat(without).ToHashSet();
        foreach (var extension in request.CertificateExtensions.Where(extension => replaced.Contains(extension.Oid!.Value)).ToList())
        {
            request.CertificateExtensions.Remove(extension);
        }

        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }
    }

    private static void AddAuthorityExtensions(CertificateRequest request, AuthorityOptions options)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, options.PathLength is not null, options.PathLength ?? 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
    }

    private static CertificateRequest Request(string subject, KeyKind kind, out AsymmetricAlgorithm privateKey)
    {
        privateKey = CreateKey(kind);
        return privateKey is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)privateKey, HashAlgorithmName.SHA256);
    }

    private static AsymmetricAlgorithm CreateKey(KeyKind kind)
    {
        switch (kind)
        {
            case KeyKind.EcP256:
                return ECDsa.Create(ECCurve.NamedCurves.nistP256);
            case KeyKind.EcP384:
                return ECDsa.Create(ECCurve.NamedCurves.nistP384);
            case KeyKind.EcSecp256k1:
                return ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));
            default:
                // Making an RSA key takes long and tests only need its size, so a process makes one of each size.
                lock (KeyLock)
                {
                    return SlowKeys.TryGetValue(kind, out var known) ? known : SlowKeys[kind] = RSA.Create(kind == KeyKind.Rsa1024 ? 1024 : 2048);
                }
        }
    }

    private X509SignatureGenerator Signer() => Certificate.GetRSAPrivateKey() is { } rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa(Certificate.GetECDsaPrivateKey()!);

    private X509Certificate2 Sign(
        CertificateRequest request, AsymmetricAlgorithm privateKey, DateTimeOffset notBefore, DateTimeOffset notAfter,
        IReadOnlyList<X509Extension> extensions, IReadOnlyList<string> without, HashAlgorithmName? brokenHash = null)
    {
        if (Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        }

        Adjust(request, extensions, without);
        using var certificate = request.Create(Certificate.SubjectName, brokenHash is { } hash ? new BrokenHashSignature(Certificate.GetRSAPrivateKey()!, hash) : Signer(), notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return privateKey is RSA key ? certificate.CopyWithPrivateKey(key) : certificate.CopyWithPrivateKey((ECDsa)privateKey);
    }

    /// <summary>
    /// The platform decodes an extended key usage when it is first asked for, and two threads that ask at once may see
    /// it empty: servers of several tests share a certificate.
    /// </summary>
    private static X509Certificate2 Decoded(X509Certificate2 certificate)
    {
        foreach (var usage in certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>())
        {
            _ = usage.EnhancedKeyUsages;
        }

        return certificate;
    }
}
