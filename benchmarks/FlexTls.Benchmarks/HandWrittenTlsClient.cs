using System.Formats.Asn1;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Benchmarks;

/// <summary>
/// What a user who gets everything right would write without FlexTls: the yardstick of the benchmarks. It
/// makes the same offer and refuses the same servers, says nothing about why, and is written to be fast: one options
/// object for all handshakes, and key sizes read from the encoded keys, which importing them would make five times as
/// dear. A slower one would flatter the ratio.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HandWrittenTlsClient
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const int LeastRsaBits = 2048;

    private readonly string _host;

    /// <param name="host">The server's name.</param>
    /// <param name="root">The trusted CA.</param>
    /// <param name="suites">The suites to offer; <see langword="null"/>: the platform's, and sessions are resumed.</param>
    public HandWrittenTlsClient(string host, X509Certificate2 root, IEnumerable<TlsCipherSuite>? suites)
    {
        _host = host;
        var chainPolicy = new X509ChainPolicy
        {
            // Only this root; without CustomRootTrust the system's would do as well.
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // The default asks the CA's server about revocation in the middle of the handshake.
            RevocationMode = X509RevocationMode.NoCheck,
            // The default downloads missing intermediates from wherever the certificate says.
            DisableCertificateDownloads = true,
        };
        chainPolicy.CustomTrustStore.Add(root);
        chainPolicy.ApplicationPolicy.Add(new Oid(ServerAuth));
        Options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CipherSuitesPolicy = suites is null ? null : new CipherSuitesPolicy(suites),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            CertificateChainPolicy = chainPolicy,
            RemoteCertificateValidationCallback = Verify,
            AllowRenegotiation = false,
        };
    }

    /// <summary>What it takes, also for a <see cref="SocketsHttpHandler"/>.</summary>
    public SslClientAuthenticationOptions Options { get; }

    public async ValueTask<SslStream> AuthenticateAsync(Stream transport)
    {
        var stream = new SslStream(transport);
        await stream.AuthenticateAsClientAsync(Options);
        return stream;
    }

    /// <summary>
    /// The platform has built the chain under the strict policy, so "no errors" means chain, dates and usage are right.
    /// Its name check would also take the common name, hence a second one by subject alternative name alone.
    /// </summary>
    private bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None
        && certificate is X509Certificate2 leaf
        && chain is not null
        && leaf.MatchesHostname(_host, allowWildcards: true, allowCommonName: false)
        && chain.ChainElements.All(element => HasStrongKey(element.Certificate.PublicKey));

    private static bool HasStrongKey(PublicKey key) => key.Oid.Value switch
    {
        Rsa => new AsnReader(key.EncodedKeyValue.RawData, AsnEncodingRules.DER).ReadSequence().ReadInteger().GetBitLength() >= LeastRsaBits,
        // P-256, P-384 and P-521.
        Ec => key.EncodedParameters is { } curve && new AsnReader(curve.RawData, AsnEncodingRules.DER).ReadObjectIdentifier()
            is "1.2.840.10045.3.1.7" or "1.3.132.0.34" or "1.3.132.0.35",
        _ => false,
    };
}
