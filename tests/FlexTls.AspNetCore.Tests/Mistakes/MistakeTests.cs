using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Pages.Mistakes;

/// <summary>Ten mistakes that programs meet, each told by the metrics, by the log and by the page.</summary>
public class MistakeTests
{
    private const string Upstream = "flextls.upstream=orders";

    [Fact]
    public async Task TheWrongCA()
    {
        await using var incident = await Incident.StartAsync();

        await incident.CallAsync(new HttpUpstreamOptions(Pki.Foreign.IssueServer("localhost")));

        await incident.AssertToldAsync(
            $@"^flextls\.connection\.failures\{{error\.type=FTLS5003, {Upstream}\}} 1$",
            "A connection to upstream 'orders' failed.*'CN=Foreign Root'.*not among the trusted CAs",
            "Last connection failed", "FTLS5003", "'CN=Foreign Root'.*add its CA to trustedCA");
    }

    [Fact]
    public async Task AnExpiredClientCertificate()
    {
        using var client = Issue(-30, -1);
        await using var incident = await Incident.StartAsync(tls => tls.AddPolicy("orders", options =>
            (options.TrustedCA, options.ClientCertificate) = (Pki.Root.Pem, client)));

        await incident.CallAsync(Incident.Asking with
        {
            TrustsClient = certificate => certificate.NotAfter > DateTime.Now,
        });

        await incident.AssertToldAsync(
            $@"^flextls\.certificate\.expiry\{{flextls\.certificate\.role=client_certificate,.* {Upstream}\}} -8",
            "'CN=partner' expired at",
            "expired 1 day ago", "Last connection failed", "expired at .*renew it");
    }

    [Fact]
    public async Task AServerThatStoppedAsking()
    {
        await using var incident = await Incident.StartAsync();

        await incident.CallAsync(new HttpUpstreamOptions(Pki.EcServer));

        await incident.AssertToldAsync(
            $@"^flextls\.handshake\.duration\{{flextls\.mutual=False, {Upstream}.*\}} 1$",
            "the client certificate 'CN=orders' was not sent",
            "Client certificate not sent");
    }

    [Fact]
    public async Task AHalfWrittenFile()
    {
        await using var incident = await Incident.StartAsync();
        var file = Path.Combine(Path.GetDirectoryName(incident.Files.Pattern)!, "orders.crt");
        var text = await File.ReadAllTextAsync(file, Deadline.Token());
        await File.WriteAllTextAsync(file, text[..(text.Length / 3)], Deadline.Token());

        await incident.UntilAsync(UpstreamTlsState.Degraded);

        await incident.AssertToldAsync(
            $@"^flextls\.degraded\{{.*{Upstream}\}} 1$",
            @"cannot be used.*: orders\..*FTLS3004.*file:orders\.crt.*the block is cut off",
            "Degraded", "FTLS3004", @"orders\.yaml\(\d+,\d+\)", @"file:orders\.crt.*the block is cut off");
    }

    [Fact]
    public async Task ATypo()
    {
        await using var incident = await Incident.StartAsync();
        incident.Files.Write("orders", config: "minverson: \"1.3\"");

        await incident.UntilAsync(UpstreamTlsState.Degraded);

        await incident.AssertToldAsync(
            @"^flextls\.faults\{\} 1$",
            "FTLS1003.*minverson.*did you mean minversion",
            "Degraded", "FTLS1003", @"orders\.yaml\(\d+,\d+\)", "did you mean minversion");
    }

    [Fact]
    public async Task ARenewalThatDidNotHappen()
    {
        using var client = Issue(-42, 5);
        await using var incident = await Incident.StartAsync(tls => tls.AddPolicy("orders", options =>
            (options.TrustedCA, options.ClientCertificate) = (Pki.Root.Pem, client)));

        await incident.AssertToldAsync(
            $@"^flextls\.certificate\.expiry\{{.*role=client_certificate,.* {Upstream}\}} 4\d{{5}}$",
            "client certificate 'CN=partner' expires at .*, in 4 days",
            "4 days left", "CN=partner");
    }

    [Fact]
    public async Task TheWrongName()
    {
        await using var incident = await Incident.StartAsync();

        await incident.CallAsync(new HttpUpstreamOptions(Pki.Root.IssueServer("billing.example")));

        await incident.AssertToldAsync(
            $@"^flextls\.connection\.failures\{{error\.type=FTLS5021, {Upstream}\}} 1$",
            "localhost.*billing\\.example",
            "Last connection failed", "FTLS5021", "billing\\.example");
    }

    [Fact]
    public async Task Tls12Left()
    {
        await using var incident = await Incident.StartAsync();

        await incident.CallAsync(Incident.Asking with { Versions = SslProtocols.Tls12 });

        await incident.AssertToldAsync(
            $@"^flextls\.handshake\.duration\{{.*{Upstream}.*tls\.protocol\.version=1\.2.*\}} 1$",
            "generation 1 is in force",
            "TLS 1\\.2,\\s+h2", "TLS_ECDHE_ECDSA_WITH");
    }

    [Fact]
    public async Task APolicyThatWasLoosened()
    {
        await using var incident = await Incident.StartAsync();
        incident.Files.Write("orders", config: "minversion: \"1.3\"");
        await incident.Host.Manager.ReloadAsync(Deadline.Token());

        incident.Files.Write("orders");
        await incident.UntilAsync(UpstreamTlsState.Weakened);

        await incident.AssertToldAsync(
            $@"^flextls\.generation\{{.*{Upstream}\}} 3$",
            "generation 3 is weaker than the previous one: .*minversion is 1\\.2 instead of 1\\.3",
            "Weakened", "minversion is 1\\.2 instead of 1\\.3");
    }

    [Fact]
    public async Task AProxyInBetween()
    {
        using var proxy = TestCA.Root("CN=Corporate Inspection");
        await using var incident = await Incident.StartAsync();

        await incident.CallAsync(new HttpUpstreamOptions(proxy.IssueServer("localhost")));

        await incident.AssertToldAsync(
            $@"^flextls\.connection\.failures\{{error\.type=FTLS5003, {Upstream}\}} 1$",
            "the issuer 'CN=Corporate Inspection' of 'CN=localhost' is not among the trusted CAs",
            "FTLS5003", "issuer 'CN=Corporate Inspection'");
    }

    /// <param name="from">The first of the days in which it is valid, from today.</param>
    /// <param name="to">The last.</param>
    private static X509Certificate2 Issue(int from, int to) =>
        Pki.Root.Issue("CN=partner", new CertificateRequestOptions
        {
            Usages = [CertificateRequestOptions.ClientAuth],
            NotBefore = DateTimeOffset.UtcNow.AddDays(from),
            NotAfter = DateTimeOffset.UtcNow.AddDays(to),
        });
}
