using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlexTls.Pages;

/// <summary>
/// A program on a free port of the loopback address that shows its status, with policies in a folder of its own.
/// </summary>
internal sealed class PageHost : IAsyncDisposable
{
    public const string Path = "/internal/outbound-tls";

    private readonly HttpClient _client = new();
    private WebApplication? _app;

    public RecordingLogger Log { get; } = new();

    public IServiceProvider Services => _app!.Services;

    public IOutboundTlsManager Manager => Services.GetRequiredService<IOutboundTlsManager>();

    public Uri Address =>
        new(
            new Uri(
                Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
            Path);

    public static async Task<PageHost> StartAsync(PageHostOptions options)
    {
        var host = new PageHost();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(host.Log);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        builder.Services.AddOutboundTls(options.Policies);
        options.Services(builder.Services);
        host._app = builder.Build();
        options.App(host._app);
        options.Endpoint(host._app.MapOutboundTls(Path));
        await host._app.StartAsync(Deadline.Token());
        return host;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? accept = null, string query = "")
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, query));
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await _client.SendAsync(request, Deadline.Token());
    }

    public async Task<string> JsonAsync()
    {
        using var response = await SendAsync(HttpMethod.Get);
        return await response.Content.ReadAsStringAsync(Deadline.Token());
    }

    public async Task<Page> PageAsync(string query = "")
    {
        using var response = await SendAsync(HttpMethod.Get, "text/html", query);
        return new Page(await response.Content.ReadAsStringAsync(Deadline.Token()));
    }

    /// <summary>Sends a request to an upstream.</summary>
    public async Task<HttpStatusCode?> CallAsync(string client, HttpUpstream upstream)
    {
        try
        {
            using var response = await Services.GetRequiredService<IHttpClientFactory>().CreateClient(client)
                .GetAsync(upstream.Address, Deadline.Token());
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app!.DisposeAsync();
    }
}
