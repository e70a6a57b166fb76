using System.Collections.Concurrent;
using System.Globalization;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Redirects;

/// <summary>Two servers of TLS and a plain one, which answer as the case of the moment says and keep all that they see.</summary>
public sealed class RedirectServers : IAsyncLifetime
{
    // Theirs is another one for each message.
    private static readonly HashSet<string> Changing = new(["traceparent", "Request-Id"], StringComparer.OrdinalIgnoreCase);

    private HttpUpstream _front = null!;
    private HttpUpstream _other = null!;
    private HttpUpstream _plain = null!;
    private RedirectAnswer[] _answers = [];

    /// <summary>One line for each request since the last case began: server, method, target, headers, content.</summary>
    internal ConcurrentQueue<string> Seen { get; } = new();

    internal Uri Other => _other.Address;

    internal Uri Front => _front.Address;

    public async ValueTask InitializeAsync()
    {
        _front = await StartAsync("front", isPlain: false);
        _other = await StartAsync("other", isPlain: false);
        _plain = await StartAsync("plain", isPlain: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _other.DisposeAsync();
        await _plain.DisposeAsync();
    }

    internal void Begin(RedirectCase next)
    {
        Seen.Clear();
        _answers = next.Answers;
    }

    internal string Resolve(string text) => text
        .Replace("{front}", $"localhost:{_front.Port}", StringComparison.Ordinal)
        .Replace("{other}", $"localhost:{_other.Port}", StringComparison.Ordinal)
        .Replace("{plain}", $"localhost:{_plain.Port}", StringComparison.Ordinal);

    private Task<HttpUpstream> StartAsync(string name, bool isPlain) => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Loopbacks.Certificate)
        {
            IsPlain = isPlain,
            Protocols = isPlain ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2,
            Respond = context => RespondAsync(name, context),
        },
        Deadline.Token());

    private async Task RespondAsync(string server, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.Where(header => !Changing.Contains(header.Key) && !header.Key.StartsWith(':'))
            .Select(header => $"{header.Key}={header.Value}").Order(StringComparer.Ordinal);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Seen.Enqueue($"{server} {context.Request.Protocol} {context.Request.Method} {target} [{string.Join("; ", headers)}] {Convert.ToHexString(body.ToArray())}");

        var last = context.Request.Path.Value!.Split('/')[^1];
        var answer = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? _answers.ElementAtOrDefault(index) : null;
        context.Response.StatusCode = answer?.Status ?? 200;
        foreach (var (name, value) in answer?.Headers ?? [])
        {
            context.Response.Headers.Append(name, Resolve(value));
        }

        if (answer?.Location is { } location)
        {
            context.Response.Headers.Append("Location", Resolve(location));
        }

        if (NeedsCredentials(context))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"test\"";
        }
    }

    private static bool NeedsCredentials(HttpContext context) =>
        context.Request.Query.ContainsKey("auth") && !context.Request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.Ordinal);
}
