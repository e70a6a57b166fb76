using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>The name of a client or an upstream may be any text, and forges no line in a log.</summary>
public sealed class LogLineTests : IDisposable
{
    private const string Name = "orders\nerror FTLS0000: forged\u202E";

    private readonly RecordingLogger _log = new();
    private readonly TlsPolicyDiagnostic _fault;

    public LogLineTests()
    {
        var faults = new DiagnosticList();
        faults.Error(DiagnosticCodes.ForeignPrimaryHandler, new Place(""), $"client '{Name}': it is foreign.");
        _fault = faults.InFileOrder()[0];
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task AClientThatIsWeakened_IsLoggedInOneLineEach()
    {
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true };
        await using var clients = ClientHost.Create(services =>
        {
            services.AddHttpClient(Name).AddOutboundTls(OutboundTlsPolicy.Create(options)).DangerousAllowPlainHttp();
            services.AddHttpClient("tests" + Name).DangerousReplaceOutboundTls(() => new HttpClientHandler());
        });

        _ = (clients[Name], clients["tests" + Name]);

        var lines = clients.Log.Lines.Select(line => line.Text).ToList();
        Assert.Equal(3, lines.Count(line => line.StartsWith("DANGEROUS", StringComparison.Ordinal)));
        Assert.All(lines, AssertOneLine);
    }

    [Fact]
    public async Task ARequestThatIsRefused_IsRefusedInOneLine()
    {
        var options = Pki.Trusting();
        options.Alpn = ["http/1.1"];
        await using var clients = ClientHost.Create(services => services.AddHttpClient(Name).AddOutboundTls(OutboundTlsPolicy.Create(options)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://localhost:1/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        AssertOneLine((await Assert.ThrowsAsync<HttpRequestException>(() => clients[Name].SendAsync(request, Deadline.Token()))).Message);
    }

    [Fact]
    public void AClientThatIsRefused_IsLoggedInOneLine()
    {
        RegistrationLog.ClientRefused(_log, Name, _fault);

        AssertOneLine(Assert.Single(_log.Warnings));
    }

    [Fact]
    public void AnAddressThatDiffers_IsLoggedInOneLine()
    {
        RegistrationLog.AddressDiffers(_log, Name, new Uri("https://elsewhere.example"), Name, "https://orders.example");

        AssertOneLine(Assert.Single(_log.Warnings));
    }

    [Fact]
    public void UpstreamsThatAreHeldBack_AreNamedInOneLine()
    {
        new ReloadLog(_log).Found([_fault], [Name, "payments"]);

        AssertOneLine(Assert.Single(_log.Warnings));
    }

    private static void AssertOneLine(string text) => Assert.DoesNotContain(text, c => char.IsControl(c) || c == '\u202E');
}
