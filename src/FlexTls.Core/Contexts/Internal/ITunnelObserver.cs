using System.Net.Security;
using FlexTls.Policies;
using FlexTls.Validation;

namespace FlexTls.Contexts;

/// <summary>What is known and wanted of servers that the pool authenticates by itself, through a proxy.</summary>
internal interface ITunnelObserver
{
    /// <summary>The generation that judges them. Their offer is that of the handler.</summary>
    ContextGeneration InForce { get; }

    /// <summary>The server of a stream has presented its certificates, which are not judged yet.</summary>
    /// <param name="stream">The pool's TLS stream over the tunnel.</param>
    /// <param name="host">The server name that the pool sent, which the server must prove.</param>
    /// <param name="chain">The certificates.</param>
    /// <exception cref="TlsHandshakeException">The tunnel leads to another host.</exception>
    void Presented(SslStream stream, HostName host, PresentedChain chain);

    /// <summary>A server was refused.</summary>
    void Refused(TlsHandshakeException refusal);
}
