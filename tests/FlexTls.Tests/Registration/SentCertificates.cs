using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Registration;

/// <summary>The subjects of the client certificates that a server of this machine gets, one for each request.</summary>
internal static class SentCertificates
{
    /// <summary>Of clients of a host that is started.</summary>
    public static async Task<IEnumerable<string?>> OfAsync(
        Action<IServiceCollection> configure, params string[] clients)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        configure(host.Builder.Services);
        await host.StartAsync();
        foreach (var client in clients)
        {
            await host[client].GetStringAsync(server.Address, Deadline.Token());
        }

        return [.. server.Requests.Select(request => request.ClientCertificate)];
    }

    /// <summary>Of handlers that a program builds by itself.</summary>
    public static async Task<IEnumerable<string?>> OfHandlersAsync(
        Action<IServiceCollection> configure, Func<IServiceProvider, IEnumerable<HttpMessageHandler>> build)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        configure(host.Builder.Services);
        foreach (var handler in build(host.Services))
        {
            using var client = new HttpClient(handler);
            await client.GetStringAsync(server.Address, Deadline.Token());
        }

        return [.. server.Requests.Select(request => request.ClientCertificate)];
    }
}
