namespace FlexTls;

/// <summary>
/// What is known of a handshake that has ended, as far as it is needed later. Complete when the stream is handed out.
/// </summary>
/// <param name="Presented">The server's certificates; those of the resumed session, if one was.</param>
/// <param name="Hello">The server's hello; <see langword="null"/>: it could not be read.</param>
/// <param name="HasSentCertificate">Whether a client certificate was sent.</param>
internal sealed record HandshakeOutcome(PresentedChain Presented, ServerHello? Hello, bool HasSentCertificate)
{
    /// <summary>Of a handshake that has not ended.</summary>
    public static HandshakeOutcome None { get; } = new(PresentedChain.None, null, false);

    /// <summary>Of a handshake that other code has made.</summary>
    public static HandshakeOutcome OfForeign(PresentedChain presented, NegotiatedTls negotiated) =>
        new(presented, null, false) { Negotiated = negotiated };

    /// <summary>Whether the server resumed a session.</summary>
    public bool IsResumed => Hello is { IsResumed: true };

    /// <summary>What was negotiated; <see langword="null"/> until the handshake has ended.</summary>
    public NegotiatedTls? Negotiated { get; set; }

    /// <summary>How long the handshake took, with all attempts; <see langword="null"/>: unknown.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Whether the server may refuse the client after the handshake.</summary>
    public bool MayBeRefused { get; set; } = true;

    /// <summary>Whether the server asked for a client certificate, or may have.</summary>
    public bool MayHaveAsked { get; set; } = true;
}
