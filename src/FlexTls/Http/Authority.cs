using System.Net;

namespace FlexTls;

/// <summary>
/// A host and a port. The platform writes IPv6 addresses with brackets in some places and without them in others; here
/// they have none.
/// </summary>
internal readonly record struct Authority(string Host, int Port)
{
    public static Authority Of(Uri uri) => new(uri.AsciiHost().WithoutBrackets(), uri.Port);

    public static Authority Of(DnsEndPoint endPoint) => new(endPoint.Host.WithoutBrackets(), endPoint.Port);

    /// <summary>Reads the target of a CONNECT request, <c>host:port</c>.</summary>
    public static Authority? TryParse(string? text) =>
        text is not null && Uri.TryCreate($"https://{text}", UriKind.Absolute, out var uri) ? Of(uri) : null;

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
