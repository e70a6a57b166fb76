using System.Globalization;

namespace FlexTls;

/// <summary>A server as a user names it.</summary>
/// <param name="Host">The host, without brackets.</param>
/// <param name="Port">The port.</param>
/// <param name="Protocol">What is spoken before TLS begins.</param>
/// <param name="Url">The URL of requests; <see langword="null"/>: the server does not speak HTTP.</param>
internal sealed record ServerAddress(string Host, int Port, PlainProtocol Protocol, Uri? Url)
{
    private const int HttpsPort = 443;

    private static readonly Dictionary<string, (int Port, PlainProtocol Protocol)> Schemes = new(StringComparer.Ordinal)
    {
        ["https"] = (HttpsPort, PlainProtocol.None),
        ["wss"] = (HttpsPort, PlainProtocol.None),
        ["smtps"] = (465, PlainProtocol.None),
        ["imaps"] = (993, PlainProtocol.None),
        ["smtp"] = (25, PlainProtocol.Smtp),
        ["imap"] = (143, PlainProtocol.Imap),
        ["postgres"] = (5432, PlainProtocol.Postgres),
        ["postgresql"] = (5432, PlainProtocol.Postgres),
    };

    /// <summary>Reads <c>HOST</c>, <c>HOST:PORT</c> or a URL.</summary>
    /// <exception cref="UnusableException">It is none of these.</exception>
    public static ServerAddress Parse(string text)
    {
        var isUrl = text.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(isUrl ? text : $"https://{text}", UriKind.Absolute, out var url) || url.Host.Length == 0
            || (!isUrl && url.PathAndQuery is not "/"))
        {
            throw new UnusableException(
                $"'{SafeText.Of(text)}' is not a server address; write HOST, HOST:PORT or https://HOST.");
        }

        if (!Schemes.TryGetValue(url.Scheme, out var scheme))
        {
            throw new UnusableException(
                $"'{url.Scheme}://' is not supported; write HOST:PORT, or one of "
                + $"{string.Join(", ", Schemes.Keys.Select(name => $"{name}://"))}.");
        }

        return new ServerAddress(
            url.IdnHost.Trim('[', ']'), url.Port > 0 ? url.Port : scheme.Port, scheme.Protocol,
            url.Scheme == Uri.UriSchemeHttps ? new Uri($"https://{url.Authority}{url.PathAndQuery}") : null);
    }

    /// <summary>The name of a Service for it: its host in the letters that names have.</summary>
    public string ServiceName
    {
        get
        {
            var name = string.Concat(
                Host.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
            return name.Length == 0 ? "server" : name;
        }
    }

    /// <summary>The server as an argument.</summary>
    public string Argument =>
        Protocol == PlainProtocol.None ? ToString() : $"{Protocol.ToString().ToLowerInvariant()}://{this}";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
