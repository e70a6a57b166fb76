using System.Globalization;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Pages.Browser;

/// <summary>A program whose upstreams are in all states that the page knows.</summary>
internal sealed class ManyStates : IAsyncDisposable
{
    private readonly PolicyFiles _files = new();
    private readonly HttpUpstream _upstream;

    private ManyStates(HttpUpstream upstream) => _upstream = upstream;

    public PageHost Host { get; private set; } = null!;

    /// <param name="upstreams">How many there are: one that is well, or at least six in several states.</param>
    public static async Task<ManyStates> StartAsync(int upstreams)
    {
        var states = new ManyStates(await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.AllowCertificate },
            Deadline.Token()));
        await states.StartHostAsync(upstreams);
        return states;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _upstream.DisposeAsync();
        _files.Dispose();
    }

    private async Task StartHostAsync(int upstreams)
    {
        _files.Write("orders");
        if (upstreams > 1)
        {
            _files.Write("billing");
            _files.Write("payments/settlement-of-cross-border-transfers", config: "minversion: \"1.3\"");
        }

        Host = await PageHost.StartAsync(new PageHostOptions
        {
            Services = services =>
            {
                services.AddHttpClient("orders").AddOutboundTls();
                if (upstreams > 1)
                {
                    services.AddHttpClient("distrusted").AddOutboundTls();
                }
            },
            Policies = tls =>
            {
                tls.AddPolicyFile(_files.Pattern);
                tls.WeakeningDelay = TimeSpan.FromHours(1);
                if (upstreams > 1)
                {
                    AddRest(tls, upstreams - 3);
                }
            },
        });
        await Host.CallAsync("orders", _upstream);
        if (upstreams > 1)
        {
            _files.Write("billing", config: "minversion: \"9\"");
            _files.Write("payments/settlement-of-cross-border-transfers");
            await Deadline.UntilAsync(
                () => Host.Manager.GetStatus().Upstreams.Count(one => one.State != UpstreamTlsState.UpToDate) == 2);
            await Host.CallAsync("distrusted", _upstream);
        }
    }

    private static void AddRest(OutboundTlsBuilder tls, int count)
    {
        tls.AddPolicy("unverified", OutboundTlsPolicy.Create(
            new OutboundTlsOptions { DangerousSkipValidation = true }));
        tls.AddPolicy("distrusted", OutboundTlsPolicy.Create(Pki.Trusting(Pki.Foreign)));
        var policy = OutboundTlsPolicy.Create(Pki.MutualTls());
        for (var i = 2; i < count; i++)
        {
            tls.AddPolicy(string.Create(CultureInfo.InvariantCulture, $"team-{i % 10}/upstream-{i:000}"), policy);
        }
    }
}
