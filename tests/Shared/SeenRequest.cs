using System.Net.Security;
using System.Security.Authentication;
using FlexTls.TestKit;

namespace FlexTls.Support;

/// <summary>What a server saw of one request, and of the connection that it came on.</summary>
internal sealed record SeenRequest
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>HTTP/1.1 or HTTP/2.</summary>
    public required string Protocol { get; init; }

    /// <summary>The Host header or :authority.</summary>
    public required string Host { get; init; }

    public required string ConnectionId { get; init; }

    public SslProtocols TlsVersion { get; init; }

    public TlsCipherSuite? CipherSuite { get; init; }

    /// <summary>The subject of the client certificate; <see langword="null"/>: none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>What the client offered; <see langword="null"/> on a plain connection.</summary>
    public ClientHello? Hello { get; init; }
}
