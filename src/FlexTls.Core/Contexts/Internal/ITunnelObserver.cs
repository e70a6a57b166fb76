using System.Net.Security;
using FlexTls.Policies;
using FlexTls.Validation;

namespace FlexTls.Contexts;

/// <summary>What is known and wanted of servers that the pool authenticates by itself, through a proxy.</summary>
internal interface ITunnelObserver
{
    /// <summary>The generation that judges them. Their offer is that of the handler.</summary>
    ContextGeneration InForce { get; }

    /// <summary>Whether a caller named the host, or the generation that judges makes no difference. Where validation is skipped, it is skipped for these alone.</summary>
    bool IsNamed(HostName host, ContextGeneration judge);

    /// <summary>The server of a stream has presented its certificates, which are not judged yet.</summary>
    void Presented(SslStream stream, PresentedChain chain);

    /// <summary>A server was refused.</summary>
    void Refused(TlsHandshakeException refusal);
}
