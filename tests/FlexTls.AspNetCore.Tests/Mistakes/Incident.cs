using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Pages.Mistakes;

/// <summary>
/// A program with one upstream, with which something is wrong, and all that an operator has: metrics, log and page.
/// </summary>
internal sealed class Incident : IAsyncDisposable
{
    private RecordedMetrics? _metrics;

    public PolicyFiles Files { get; } = new();

    public PageHost Host { get; private set; } = null!;

    /// <summary>A server that asks for a client certificate and takes any.</summary>
    public static HttpUpstreamOptions Asking =>
        new(Pki.EcServer) { ClientCertificates = ClientCertificateMode.AllowCertificate };

    /// <summary>Starts the program.</summary>
    /// <param name="configure">Adds the policy of <c>orders</c>. Default: from a good file, which is watched.</param>
    public static async Task<Incident> StartAsync(Action<OutboundTlsBuilder>? configure = null)
    {
        var incident = new Incident();
        incident.Files.Write("orders");
        incident.Host = await PageHost.StartAsync(new PageHostOptions
        {
            Services = services => services.AddHttpClient("orders").AddOutboundTls(),
            Policies = tls =>
            {
                tls.WeakeningDelay = TimeSpan.FromSeconds(1);
                (configure ?? (rest => rest.AddPolicyFile(incident.Files.Pattern)))(tls);
            },
        });
        incident._metrics = new RecordedMetrics(incident.Host.Services.GetRequiredService<IMeterFactory>());
        return incident;
    }

    /// <summary>Sends a request to a server.</summary>
    public async Task CallAsync(HttpUpstreamOptions options)
    {
        await using var server = await HttpUpstream.StartAsync(options, Deadline.Token());
        await Host.CallAsync("orders", server);
    }

    /// <summary>Waits until the upstream is in a state.</summary>
    public Task UntilAsync(UpstreamTlsState state) => Watched.UntilAsync(Host, state);

    /// <summary>Each of the three must tell it.</summary>
    /// <param name="metric">A pattern that a series has.</param>
    /// <param name="line">A pattern that a line of the log has.</param>
    /// <param name="page">Patterns that the page has.</param>
    public async Task AssertToldAsync(string metric, string line, params string[] page)
    {
        var text = (await Host.PageAsync()).Text;
        Assert.All(page, pattern => Assert.Matches(pattern, text));
        Assert.Contains(_metrics!.Lines(), series => Regex.IsMatch(series, metric));
        await Host.Log.UntilAsync(
            () => Host.Log.Lines.Any(one => Regex.IsMatch(one.Text, line)),
            Deadline.Token());
    }

    public async ValueTask DisposeAsync()
    {
        _metrics?.Dispose();
        await Host.DisposeAsync();
        Files.Dispose();
    }
}
