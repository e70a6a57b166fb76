using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>A server that resumes sessions does not present its certificate, which may have changed since.</summary>
public sealed class ReloadedCertificateTests : SessionTests
{
    private static readonly TimeSpan FullInterval = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task ConnectAsync_SeesANewCertificate_WithinFiveMinutes_AndResumesItsSessions()
    {
        using var old = Issue();
        using var renewed = Issue();
        await using var server = await ReloadingServer.StartAsync(old, renewed);
        await using var port = new PortForwarder(server.Port);
        var context = Pki.Context(Trusting(), clock: _clock);
        Assert.Equal("full, full, resumed", await AskAsync(context, port.Port, "who", 3));

        // This server sends a ticket in full handshakes only.
        Assert.Equal("done", await AskAsync(context, port.Port, "2"));
        Assert.Equal(old.RawData, Newest(context));

        _clock.Advance(FullInterval);
        Assert.Equal("full", await AskAsync(context, port.Port, "who"));
        Assert.Equal(renewed.RawData, Newest(context));
        Assert.Equal(5, port.Connections);

        // The session that the platform still has is of the old certificate: it is not used.
        Assert.Equal("full", await AskAsync(context, port.Port, "who"));
        Assert.Equal(5 + 2, port.Connections);
        Assert.Equal("full, resumed", await AskAsync(context, port.Port, "who", 2));
        Assert.Equal(renewed.RawData, Newest(context));
    }

    [Fact]
    public async Task ConnectAsync_WhereTheNewCertificateIsRefused_RefusesFromThenOn_UntilItIsRepaired()
    {
        using var good = Issue();
        using var bad = Pki.Foreign.Issue($"CN={Name}", new CertificateRequestOptions { DnsNames = [Name] });
        await using var server = await ReloadingServer.StartAsync(good, bad);
        var context = Pki.Context(Trusting(), clock: _clock);
        Assert.Equal("full, full, resumed", await AskAsync(context, server, "who", 3));
        await AskAsync(context, server, "2");

        _clock.Advance(FullInterval);
        for (var i = 0; i < 3; i++)
        {
            var refused = await Assert.ThrowsAsync<TlsHandshakeException>(() => AskAsync(context, server, "who"));
            Assert.NotNull(refused.ServerCertificate);
        }

        Assert.Equal("done", await AskAsync(Pki.Context(Unvalidated()), server, "1"));
        Assert.Equal("full", await AskAsync(context, server, "who"));
    }

    [Fact]
    public async Task ConnectAsync_AfterTheClockIsSetBack_StillSeesANewCertificateWithinFiveMinutes()
    {
        using var good = Issue();
        using var bad = Pki.Foreign.Issue($"CN={Name}", new CertificateRequestOptions { DnsNames = [Name] });
        await using var server = await ReloadingServer.StartAsync(good, bad);
        var clock = new SetBackClock();
        var context = Pki.Context(Trusting(), clock: clock);
        Assert.Equal("full, full, resumed", await AskAsync(context, server, "who", 3));
        await AskAsync(context, server, "2");

        clock.SetBackBy = TimeSpan.FromMinutes(30);
        clock.Advance(FullInterval);

        await Assert.ThrowsAsync<TlsHandshakeException>(() => AskAsync(context, server, "who"));
    }

    [Fact]
    public async Task ConnectAsync_WhereTheServerRefusesResumedClients_ResumesNoMore_AfterOneLoss()
    {
        using var certificate = Issue();
        using var client = Pki.Root.IssueClient();
        await using var server = await ReloadingServer.StartAsync(isStrict: true, certificate);
        var options = Trusting();
        options.ClientCertificate = client;

        var answers = await AskAsync(Pki.Context(options, clock: _clock), server, "who", 8);

        Assert.Equal("full, full, , full, full, full, full, full", answers);
    }

    [Fact]
    public async Task ConnectAsync_WhereServersBehindOneAddressHaveDifferentCertificates_MakesFewMoreConnections()
    {
        using var one = Issue();
        using var other = Issue();
        await using var server = await ReloadingServer.StartAsync(one, other);
        await using var port = new PortForwarder(server.Port);
        var context = Pki.Context(Trusting(), clock: _clock);
        const int Connections = 24;
        for (var i = 0; i < Connections; i++)
        {
            await AskAsync(context, port.Port, i % 2 == 0 ? "2" : "1");
        }

        Assert.InRange(port.Connections, Connections, Connections + 1);
    }

    private static byte[] Newest(OutboundTlsContext context) =>
        context.Generation.LastHandshake!.Presented.Leaf.ToArray();

    private OutboundTlsOptions Unvalidated()
    {
        var options = Trusting();
        options.DangerousSkipValidation = true;
        options.TrustedCA = null;
        return options;
    }

    private static Task<string> AskAsync(
        OutboundTlsContext context, ReloadingServer server, string line, int times = 1) => AskAsync(context, server.Port, line, times);

    private static async Task<string> AskAsync(OutboundTlsContext context, int port, string line, int times = 1)
    {
        var answers = new List<string>();
        for (var i = 0; i < times; i++)
        {
            await using var stream = await context.ConnectAsync("localhost", port, Deadline.Token());
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"), Deadline.Token());
            var buffer = new byte[16];
            var read = await stream.ReadAsync(buffer, Deadline.Token());
            answers.Add(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return string.Join(", ", answers);
    }

    /// <summary>The time goes on when somebody sets the clock back.</summary>
    private sealed class SetBackClock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        public TimeSpan SetBackBy { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - SetBackBy;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
