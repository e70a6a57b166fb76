using System.Net;

namespace FlexTls.Redirects;

/// <summary>A request, what its servers answer, and how the handlers are set up.</summary>
internal sealed record RedirectCase(string Name, params RedirectAnswer[] Answers)
{
    public string Method { get; init; } = "GET";

    /// <summary>What comes behind <c>https://{front}</c>.</summary>
    public string Target { get; init; } = "/0";

    /// <summary>A new content for each request.</summary>
    public Func<HttpContent>? Content { get; init; }

    public (string Name, string Value)[] Headers { get; init; } = [];

    public Action<SocketsHttpHandler>? Configure { get; init; }

    /// <summary>Credentials that know the servers' addresses.</summary>
    public Func<RedirectServers, ICredentials>? Credentials { get; init; }

    public bool IsSynchronous { get; init; }

    /// <summary>Whether its handler differs from others, so that it needs clients of its own.</summary>
    public bool HasSettings => Configure is not null || Credentials is not null;

    public HttpRequestMessage CreateRequest(RedirectServers servers, string version)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), servers.Resolve($"https://{{front}}{Target}"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Content?.Invoke(),
        };
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, servers.Resolve(value));
        }

        return request;
    }

    public override string ToString() => Name;
}
