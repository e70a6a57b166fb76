using System.Collections.Concurrent;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A connection or session that was made under one policy never serves a client under another, to the same host.</summary>
public class LaxAndStrictTests
{
    private const int Rounds = 12;

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task WhatSkippedValidationMade_NeverServesAStrictClient(string version)
    {
        await using var foreign = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        var lax = At(version, Pki.Trusting());
        lax.DangerousSkipValidation = true;
        await using var clients = Two(lax, At(version, Pki.Trusting()));

        for (var round = 0; round < Rounds; round++)
        {
            await SendAsync(clients["lax"], foreign.Address);
            await RefusedAsync(clients["strict"], foreign.Address);
            await SendAsync(clients["lax"], foreign.Address);
        }

        Assert.Equal(2 * Rounds, foreign.Requests.Count);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task WhatOneAuthorityVouchedFor_NeverServesAClientThatTrustsAnother(string version)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var clients = Two(At(version, Pki.Trusting()), At(version, Pki.Trusting(Pki.Foreign)));

        await Task.WhenAll(Enumerable.Range(0, Rounds).SelectMany(_ => new[]
        {
            SendAsync(clients["lax"], upstream.Address),
            RefusedAsync(clients["strict"], upstream.Address),
        }));
        for (var round = 0; round < Rounds; round++)
        {
            await SendAsync(clients["lax"], upstream.Address);
            await RefusedAsync(clients["strict"], upstream.Address);
        }

        Assert.Equal(2 * Rounds, upstream.Requests.Count);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task AConnectionWithOneClientCertificate_NeverServesAClientWithAnother(string version)
    {
        var presented = new ConcurrentDictionary<string, string?>();
        HttpUpstream? server = null;
        await using var upstream = server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = context =>
            {
                presented[context.Request.Path] = context.Connection.ClientCertificate?.Subject;
                return Task.CompletedTask;
            },
        }, Deadline.Token());
        var other = Pki.Trusting();
        var certificate = Pki.Root.IssueClient("CN=other");
        other.Certificate = new CertificateOptions { Key = certificate.KeyPem(), Crt = certificate.ExportCertificatePem() };
        await using var clients = ClientHost.Create(services =>
        {
            Add(services, "own", At(version, Pki.MutualTls()));
            Add(services, "other", At(version, other));
            Add(services, "none", At(version, Pki.Trusting()));
        });

        await Parallel.ForAsync(0, 3 * Rounds, Deadline.Token(), async (round, ct) =>
        {
            var name = (round % 3) switch { 0 => "own", 1 => "other", _ => "none" };
            using var response = await clients[name].GetAsync(new Uri(upstream.Address, $"/{name}/{round}"), ct);
            response.EnsureSuccessStatusCode();
        });

        Assert.Equal(3 * Rounds, presented.Count);
        Assert.All(presented, seen => Assert.Equal(
            seen.Key.Split('/')[1] switch { "own" => Pki.Client.Subject, "other" => "CN=other", _ => null }, seen.Value));
    }

    private static ClientHost Two(OutboundTlsOptions lax, OutboundTlsOptions strict) => ClientHost.Create(services =>
    {
        Add(services, "lax", lax);
        Add(services, "strict", strict);
    });

    /// <summary>Without a pool that outlives a request, every request makes a connection, and could resume a session.</summary>
    private static void Add(IServiceCollection services, string name, OutboundTlsOptions options) => services.AddHttpClient(name)
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
        .AddOutboundTls(OutboundTlsPolicy.Create(options));

    /// <summary>TLS 1.3 alone has no choice of suites, so that sessions may be resumed; TLS 1.2 as the policy has it.</summary>
    private static OutboundTlsOptions At(string version, OutboundTlsOptions options)
    {
        (options.MinVersion, options.MaxVersion) = (Typed.Version(version), Typed.Version(version));
        return options;
    }

    private static async Task SendAsync(HttpClient client, Uri address)
    {
        using var response = await client.GetAsync(address, Deadline.Token());
        response.EnsureSuccessStatusCode();
    }

    private static async Task RefusedAsync(HttpClient client, Uri address)
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address, Deadline.Token()));
        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
    }
}
