// The program that build.sh makes around the packed library: one handshake that the policy allows, and one that it
// must refuse, both over real sockets.
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls;

using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
var names = new SubjectAlternativeNameBuilder();
names.AddDnsName("localhost");
var request = new CertificateRequest("CN=package consumer", key, HashAlgorithmName.SHA256);
request.CertificateExtensions.Add(names.Build());
using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

var trusting = OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustedCA = certificate.ExportCertificatePem() });
var version = await ConnectAsync(trusting);
Console.WriteLine($"trusted: {version}");
if (version < SslProtocols.Tls12)
{
    return 1;
}

try
{
    await ConnectAsync(OutboundTlsPolicy.Default);
    Console.WriteLine("A server that nobody vouches for was accepted.");
    return 1;
}
catch (TlsHandshakeException e) when (e.ServerCertificate is { IsValid: false })
{
    Console.WriteLine($"not trusted: {e.Message}");
    return 0;
}

async Task<SslProtocols> ConnectAsync(OutboundTlsPolicy policy)
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    var serving = ServeOneAsync(listener);
    using var context = new TlsContextFactory().Create(policy, "consumer");
    await using var stream = await context.ConnectAsync(new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port));
    await serving;
    return stream.SslProtocol;
}

async Task ServeOneAsync(TcpListener listener)
{
    await using var stream = new SslStream((await listener.AcceptTcpClientAsync()).GetStream());
    await stream.AuthenticateAsServerAsync(certificate);
}
