using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Http;

/// <summary>The three servers that a client may meet: with HTTP/1.1 only, with HTTP/2 only, and with both.</summary>
public sealed class HttpServers : IAsyncLifetime
{
    private readonly Dictionary<HttpProtocols, HttpUpstream> _servers = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var protocols in (HttpProtocols[])[HttpProtocols.Http1, HttpProtocols.Http2, HttpProtocols.Http1AndHttp2])
        {
            _servers[protocols] = await StartAsync(protocols);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    internal HttpUpstream this[HttpProtocols protocols] => _servers[protocols];

    /// <summary>A server for one test alone, which counts what it sees: a client may still connect when its test is over.</summary>
    internal static Task<HttpUpstream> StartAsync(HttpProtocols protocols) => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer) { Protocols = protocols, Respond = RespondAsync }, Deadline.Token());

    /// <summary>GET /n: n bytes. POST: what was sent, after all of it came. Otherwise the protocol.</summary>
    private static async Task RespondAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
        }
        else if (int.TryParse(context.Request.Path.Value!.Trim('/'), out var size))
        {
            await context.Response.Body.WriteAsync(Bytes.Of(size), context.RequestAborted);
        }
        else
        {
            await context.Response.WriteAsync(context.Request.Protocol, context.RequestAborted);
        }
    }
}
