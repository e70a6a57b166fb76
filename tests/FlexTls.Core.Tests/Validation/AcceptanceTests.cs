using System.Net;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>What must be accepted is accepted: names in every legal spelling, intermediates, keys of every allowed kind.</summary>
public class AcceptanceTests
{
    private static readonly Dictionary<string, Case> AllCases = new()
    {
        ["exact name"] = new(Pki.EcServer, Pki.Host),
        ["another letter case"] = new(Pki.EcServer, "ORDERS.Example"),
        ["trailing dot"] = new(Pki.EcServer, "orders.example."),
        ["RSA"] = new(Pki.RsaServer, Pki.Host),
        ["P-384"] = new(Issue(new() { Key = KeyKind.EcP384, DnsNames = [Pki.Host] }), Pki.Host),
        ["no EKU"] = new(Issue(new() { Usages = [], DnsNames = [Pki.Host] }), Pki.Host),
        ["serverAuth and clientAuth"] = new(Issue(new() { Usages = [CertificateRequestOptions.ServerAuth, CertificateRequestOptions.ClientAuth], DnsNames = [Pki.Host] }), Pki.Host),
        ["IPv4 address"] = new(Issue(new() { Addresses = [IPAddress.Loopback] }), "127.0.0.1"),
        ["IPv6 address"] = new(Issue(new() { Addresses = [IPAddress.IPv6Loopback] }), "::1"),
        ["IPv6 address in brackets"] = new(Issue(new() { Addresses = [IPAddress.IPv6Loopback] }), "[::1]"),
        ["wildcard"] = new(Issue(new() { DnsNames = ["*.orders.example"] }), "eu.orders.example"),
        ["international name"] = new(Issue(new() { DnsNames = ["xn--bcher-kva.example"] }), "bücher.example"),
        ["one of many names"] = new(Issue(new() { DnsNames = [.. Enumerable.Range(0, 50).Select(i => $"s{i}.example"), Pki.Host] }), Pki.Host),
        ["intermediate sent"] = new(Pki.Intermediate.IssueServer(Pki.Host), Pki.Host) { Sent = [Pki.Intermediate.Certificate] },
    };

    public static TheoryData<string> Cases => [.. AllCases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AGoodCertificate_IsAccepted(string name)
    {
        var good = AllCases[name];
        var context = Pki.Context(Pki.Trusting());
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(good.Certificate) { Intermediates = good.Sent });

        await using var stream = await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), good.Host, cancellationToken: Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        Assert.False((await server.NextAsync(Deadline.Token())).ClosedUnused);
        Assert.True(context.ValidateServerCertificate(good.Certificate, good.Sent, good.Host).IsValid);
    }

    [Fact]
    public void ASystemTrustPolicy_RefusesAPrivateCA_AndSaysWhoseCAsCount()
    {
        var context = new TlsContextFactory().Create(OutboundTlsPolicy.Default);

        var failure = Assert.Single(context.ValidateServerCertificate(Pki.EcServer, [Pki.Root.Certificate], Pki.Host).Failures);

        Assert.Equal("FTLS5002", failure.Code);
        Assert.Contains("operating system", failure.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 Issue(CertificateRequestOptions options) => Pki.Root.Issue("CN=server", options);

    private sealed record Case(X509Certificate2 Certificate, string Host)
    {
        public X509Certificate2Collection Sent { get; init; } = [];
    }
}
