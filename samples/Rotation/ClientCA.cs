using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace Rotation;

/// <summary>The CA of the clients. It is made for one run, and what it issues lives for seconds.</summary>
internal sealed class ClientCA : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly TestCA _ca = TestCA.Root("CN=Client CA", notAfter: DateTimeOffset.UtcNow.AddHours(2));
    private int _issued;

    /// <summary>A client certificate under a name of its own, <c>CN=client 1</c> and so on.</summary>
    public X509Certificate2 Issue() => _ca.Issue($"CN=client {++_issued}", new CertificateRequestOptions
    {
        Usages = [CertificateRequestOptions.ClientAuth],
        NotAfter = DateTimeOffset.UtcNow + Lifetime,
    });

    /// <summary>Whether a certificate is one of this CA's, and is valid now.</summary>
    public bool Accepts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_ca.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose() => _ca.Dispose();
}
