using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Validation;

/// <summary>
/// A chain that was accepted for a host is accepted again without being examined; whatever differs is examined.
/// </summary>
public class VerdictMemoryTests
{
    private static readonly X509Certificate2 Server = Pki.Intermediate.IssueServer(Pki.Host, "localhost");

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task AnAcceptedChain_IsRemembered_ForItsHost()
    {
        var context = Pki.Context(Pki.Trusting(), clock: _clock);
        await ConnectAsync(context, Server, Pki.Intermediate.Certificate);

        Assert.NotNull(Remembered(context, "localhost"));
        Assert.Null(Remembered(context, Pki.Host));
        Assert.Null(Remembered(Pki.Context(Pki.Trusting(), clock: _clock), "localhost"));
    }

    [Fact]
    public async Task ARememberedChain_ShowsItsPathAgain()
    {
        var context = Pki.Context(Pki.Trusting(), clock: _clock);
        await ConnectAsync(context, Server, Pki.Intermediate.Certificate);
        var first = Remembered(context, "localhost");

        await ConnectAsync(context, Server, Pki.Intermediate.Certificate);

        Assert.Same(first, Remembered(context, "localhost"));
        Assert.Equal(
            [Server.Subject, Pki.Intermediate.Certificate.Subject, Pki.Root.Certificate.Subject],
            first!.Result.Path.Select(one => one.Subject));
    }

    public static TheoryData<string, string> Others => new()
    {
        { "foreign", DiagnosticCodes.IncompleteChain },
        { "other name", DiagnosticCodes.NameMismatch },
        { "expired", DiagnosticCodes.Expired },
        { "without the intermediate", DiagnosticCodes.IncompleteChain },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task AnotherChainOfTheSameHost_IsExamined(string kind, string code)
    {
        var context = Pki.Context(Pki.Trusting(), clock: _clock);
        await ConnectAsync(context, Server, Pki.Intermediate.Certificate);

        var refusal = await Assert.ThrowsAsync<TlsHandshakeException>(() => kind switch
        {
            "foreign" => ConnectAsync(context, Pki.Foreign.IssueServer("localhost")),
            "other name" => ConnectAsync(
                context, Pki.Intermediate.IssueServer("other.example"), Pki.Intermediate.Certificate),
            "expired" => ConnectAsync(
                context,
                Pki.Intermediate.Issue("CN=localhost", new CertificateRequestOptions
                {
                    DnsNames = ["localhost"],
                    NotBefore = _clock.GetUtcNow().AddDays(-2),
                    NotAfter = _clock.GetUtcNow().AddDays(-1),
                }),
                Pki.Intermediate.Certificate),
            _ => ConnectAsync(context, Server),
        });

        Assert.Equal(code, refusal.Code);
        Assert.NotNull(Remembered(context, "localhost"));
    }

    [Fact]
    public async Task ARenewedCertificate_IsExamined_AndRememberedInstead()
    {
        var context = Pki.Context(Pki.Trusting(), clock: _clock);
        await ConnectAsync(context, Server, Pki.Intermediate.Certificate);
        var renewed = Pki.Intermediate.IssueServer("localhost");

        await ConnectAsync(context, renewed, Pki.Intermediate.Certificate);

        Assert.Equal(renewed.Subject, Remembered(context, "localhost")!.Result.Path[0].Subject);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OutsideTheTimeOfItsCertificates_AChainIsExaminedAgain(bool isLater)
    {
        var start = _clock.GetUtcNow();
        var server = Pki.Root.Issue("CN=localhost", new CertificateRequestOptions
        {
            DnsNames = ["localhost"],
            NotBefore = start.AddHours(-1),
            NotAfter = start.AddHours(1),
        });
        var context = Pki.Context(Pki.Trusting(), clock: _clock);
        await ConnectAsync(context, server);
        Assert.NotNull(Remembered(context, "localhost"));

        if (isLater)
        {
            _clock.Advance(TimeSpan.FromHours(2));
        }
        else
        {
            _clock.AdjustTime(start.AddHours(-2));
        }

        Assert.Null(Remembered(context, "localhost"));
        var refusal = await Assert.ThrowsAsync<TlsHandshakeException>(() => ConnectAsync(context, server));
        Assert.Equal(isLater ? DiagnosticCodes.Expired : DiagnosticCodes.NotYetValid, refusal.Code);
    }

    [Fact]
    public async Task UnderTheSystemsTrust_NothingIsRemembered()
    {
        var options = Pki.Trusting();
        options.Extensions = new() { TrustSystemCA = true };
        var context = Pki.Context(options, clock: _clock);

        await ConnectAsync(context, Server, Pki.Intermediate.Certificate);

        Assert.Null(Remembered(context, "localhost"));
    }

    [Fact]
    public async Task ARefusedChain_IsNotRemembered()
    {
        var context = Pki.Context(Pki.Trusting(Pki.Foreign), clock: _clock);

        await Assert.ThrowsAsync<TlsHandshakeException>(
            () => ConnectAsync(context, Server, Pki.Intermediate.Certificate));

        Assert.Null(Remembered(context, "localhost"));
    }

    private static RememberedVerdict? Remembered(OutboundTlsContext context, string host) =>
        context.Generation.Upstream.Validator!.Recall(HostName.Parse(host));

    private static async Task ConnectAsync(
        OutboundTlsContext context, X509Certificate2 certificate, params X509Certificate2[] intermediates)
    {
        await using var server = LoopbackServer.Start(
            new LoopbackServerOptions(certificate) { Intermediates = [.. intermediates] });
        await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
    }
}
