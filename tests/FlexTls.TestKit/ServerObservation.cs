using System.Net.Security;
using System.Security.Authentication;

namespace FlexTls.TestKit;

/// <summary>What a server saw of one connection: the evidence that tests assert on.</summary>
public sealed record ServerObservation
{
    public SslProtocols Version { get; init; }

    public TlsCipherSuite CipherSuite { get; init; }

    public string Alpn { get; init; } = "";

    /// <summary>The server name that was sent; empty: none.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>The subject of the client certificate; <see langword="null"/>: none was presented.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The subjects of the intermediates that the client sent.</summary>
    public IReadOnlyList<string> ClientIntermediates { get; init; } = [];

    /// <summary>Why the handshake failed on the server's side; <see langword="null"/>: it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the client closed the connection without having sent anything after the handshake.</summary>
    public bool ClosedUnused { get; init; }
}
