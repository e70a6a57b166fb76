using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Two tenants, and requests that choose one of them.</summary>
public abstract class SelectionContext
{
    private protected static readonly string[] Names = ["tenant-1", "tenant-2"];

    private protected static Tenants Create(params string[] names) => new(names is [] ? Names : names, services =>
        services.AddHttpClient("tenants").AllowUpstreamSelection());

    private protected static Task<HttpUpstream> StartAsync(RequestDelegate? respond = null)
    {
        var options = new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
        };
        return HttpUpstream.StartAsync(respond is null ? options : options with { Respond = respond }, Deadline.Token());
    }

    private protected static IEnumerable<string?> Subjects(HttpUpstream server) =>
        server.Requests.Select(request => request.ClientCertificate);

    private protected static HttpRequestMessage Request(HttpUpstream server, string? tenant)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, server.Address) { Version = HttpVersion.Version11 };
        if (tenant is not null)
        {
            request.Options.Set(OutboundTlsRequest.Upstream, tenant);
        }

        return request;
    }

    private protected static async Task<string> SendAsync(HttpClient client, HttpUpstream server, string? tenant)
    {
        using var request = Request(server, tenant);
        using var response = await client.SendAsync(request, Deadline.Token());
        return await response.Content.ReadAsStringAsync(Deadline.Token());
    }

    private protected static async Task<TlsHandshakeException> RefusalAsync(
        HttpClient client, HttpUpstream server, string? tenant)
    {
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, server, tenant));
        Assert.Equal(HttpRequestError.SecureConnectionError, refusal.HttpRequestError);
        return Assert.IsType<TlsHandshakeException>(refusal.InnerException);
    }
}
