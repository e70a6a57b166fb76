using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Redirects;

/// <summary>Sends the request of a case through one client, and says in text what came of it.</summary>
internal static class RedirectOutcome
{
    /// <summary>Two clients whose handlers have the same settings: "stock" is the platform's with a trust of its own, "orders" is under a policy.</summary>
    public static ClientHost Clients(RedirectCase tested, RedirectServers servers) => ClientHost.Create(services =>
    {
        services.AddHttpClient("stock").ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = Settings(tested, servers);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer == Pki.Root.Certificate.Subject;
            return handler;
        });
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => Settings(tested, servers)).AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
    });

    /// <summary>Everything that servers and the caller saw.</summary>
    public static async Task<string> OfAsync(HttpClient client, RedirectCase tested, RedirectServers servers, string version)
    {
        servers.Begin(tested);
        var request = tested.CreateRequest(servers, version);
        string result;
        try
        {
            using var response = tested.IsSynchronous ? client.Send(request, Deadline.Token()) : await client.SendAsync(request, Deadline.Token());
            var last = response.RequestMessage!;
            var text = await response.Content.ReadAsStringAsync(Deadline.Token());
            result = $"{response.StatusCode} of {last.Method} {last.RequestUri} content: {last.Content is not null} {response.Version} {text}";
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or NotSupportedException or UriFormatException)
        {
            result = $"{e.GetType().Name} {(e as HttpRequestException)?.HttpRequestError} {e.InnerException?.GetType().Name}";
        }

        return string.Join(Environment.NewLine, [$"== {tested.Name}, HTTP/{version}", .. servers.Seen, result]);
    }

    private static SocketsHttpHandler Settings(RedirectCase tested, RedirectServers servers)
    {
        var handler = new SocketsHttpHandler { Credentials = tested.Credentials?.Invoke(servers), CookieContainer = new CookieContainer() };
        tested.Configure?.Invoke(handler);
        return handler;
    }
}
