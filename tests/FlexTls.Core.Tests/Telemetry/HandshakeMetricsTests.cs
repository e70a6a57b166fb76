using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Telemetry;

/// <summary>What is measured of a handshake is what the server saw of it.</summary>
public sealed class HandshakeMetricsTests : SessionTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, "1.2")]
    [InlineData(SslProtocols.Tls13, "1.3")]
    public async Task Duration_OfAHandshake_HasWhatWasNegotiated(SslProtocols version, string expected)
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
        {
            Versions = version,
            Alpn = [new("http/1.1")],
            RequiresClientCertificate = true,
        });
        using var measured = Measurements.Of("flextls.handshake.duration", Name);
        var context = Pki.Context(Pki.MutualTls(), Name);

        await using (await context.ConnectAsync(server.EndPoint(), Deadline.Token()))
        {
        }

        var seen = await server.NextAsync(Deadline.Token());
        var measurement = Assert.Single(measured.Seen);
        Assert.InRange(Assert.IsType<double>(measurement[""]), 0.000_001, 60);
        Assert.Equal("localhost", measurement["server.address"]);
        Assert.Equal("tls", measurement["tls.protocol.name"]);
        Assert.Equal(expected, measurement["tls.protocol.version"]);
        Assert.Equal(seen.CipherSuite.ToString(), measurement["tls.cipher"]);
        Assert.Equal(seen.Alpn, measurement["tls.next_protocol"]);
        Assert.Equal(false, measurement["tls.resumed"]);
        Assert.Equal(true, measurement["flextls.mutual"]);
        Assert.Equal(version == SslProtocols.Tls13, measurement.ContainsKey("tls.curve"));
        Assert.False(measurement.ContainsKey("error.type"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Duration_WhereTheServerAsksForNoCertificate_IsNotMutual(SslProtocols version)
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { Versions = version });
        using var measured = Measurements.Of("flextls.handshake.duration", Name);
        var context = Pki.Context(Pki.MutualTls(), Name);

        await using (await context.ConnectAsync(server.EndPoint(), Deadline.Token()))
        {
        }

        Assert.Null((await server.NextAsync(Deadline.Token())).ClientCertificate);
        Assert.Equal(false, Assert.Single(measured.Seen)["flextls.mutual"]);
    }

    [Fact]
    public async Task Duration_OfAResumedSession_SaysSo_AndIsStillMutual()
    {
        await using var server = await StartAsync(Issue(), "-Verify", "-groups", "secp384r1");
        using var measured = Measurements.Of("flextls.handshake.duration", Name);
        using var client = Pki.Root.IssueClient();
        var options = Trusting();
        options.ClientCertificate = client;
        var context = Pki.Context(options, Name);

        Assert.Equal("full, full, resumed", await ConnectAsync(context, server, 3));

        Assert.Equal([false, false, true], measured.Seen.Select(one => one["tls.resumed"]));
        Assert.All(measured.Seen, one => Assert.Equal(true, one["flextls.mutual"]));
        Assert.All(measured.Seen, one => Assert.Equal("secp384r1", one["tls.curve"]));
    }

    [Fact]
    public async Task Duration_OfAFailure_HasItsCode()
    {
        await using var server = LoopbackServer.Start(Pki.EcServer);
        using var measured = Measurements.Of("flextls.handshake.duration", Name);
        var context = Pki.Context(Pki.Trusting(Pki.Foreign), Name);

        var failure = await Assert.ThrowsAsync<TlsHandshakeException>(
            async () => await context.ConnectAsync(server.EndPoint(), Deadline.Token()));

        var measurement = Assert.Single(measured.Seen);
        Assert.Equal(failure.Code, measurement["error.type"]);
        Assert.False(measurement.ContainsKey("tls.cipher"));
    }

    [Fact]
    public async Task Duration_OfACanceledHandshake_HasACode()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var measured = Measurements.Of("flextls.handshake.duration", Name);
        var context = Pki.Context(Pki.Trusting(), Name);
        using var canceled = new CancellationTokenSource();

        var connecting = context.ConnectAsync(
            "localhost", ((IPEndPoint)silent.LocalEndpoint).Port, canceled.Token).AsTask();
        using var accepted = await silent.AcceptTcpClientAsync(Deadline.Token());
        Assert.NotEqual(0, await accepted.GetStream().ReadAsync(new byte[1], Deadline.Token()));
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);

        Assert.Equal(DiagnosticCodes.HandshakeNotFinished, Assert.Single(measured.Seen)["error.type"]);
    }

    [Fact]
    public async Task Duration_WhereAnOfferIsRepeated_IsMeasuredOnce()
    {
        await using var before = LoopbackServer.Start(Issue());
        await using var after = LoopbackServer.Start(
            new LoopbackServerOptions(Issue()) { Versions = SslProtocols.Tls12 });
        await using var port = new PortForwarder(before.Port);
        using var measured = Measurements.Of("flextls.handshake.duration", Name);
        var context = Pki.Context(Trusting(), Name);
        Assert.Equal("full", await EchoAsync(context, port, 1));

        port.SwitchTo(after.Port);
        Assert.Equal("full", await EchoAsync(context, port, 1));

        Assert.Equal(3, port.Connections);
        Assert.Equal(["1.3", "1.2"], measured.Seen.Select(one => one["tls.protocol.version"]));
    }

    [Fact]
    public void Addresses_OfOneUpstream_AreBounded()
    {
        var instruments = TlsInstruments.Default;

        var addresses = Enumerable.Range(0, 1000).Select(i => instruments.AddressOf(Name, $"host{i}.example"));

        Assert.Equal(101, addresses.Distinct().Count());
        Assert.Equal("host0.example", instruments.AddressOf(Name, "host0.example"));
        Assert.Equal("_OTHER", instruments.AddressOf(Name, "one-more.example"));
        Assert.Equal("one-more.example", instruments.AddressOf(Name + "2", "one-more.example"));
    }

    [Fact]
    public async Task Names_AreBounded_WhoeverAddsThemAtOnce()
    {
        var names = new BoundedNames(50);
        var known = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();

        await Parallel.ForAsync(0, 10_000, TestContext.Current.CancellationToken, (i, _) =>
        {
            known[names.Bound($"name {i % 500}")] = true;
            return ValueTask.CompletedTask;
        });

        Assert.Equal(51, known.Count);
        Assert.True(known.ContainsKey(BoundedNames.Other));
    }
}
