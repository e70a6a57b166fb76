namespace FlexTls;

/// <summary>A handshake with the upstream that succeeded.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Duration">How long it took; <see langword="null"/>: unknown.</param>
/// <param name="Negotiated">What was negotiated.</param>
/// <param name="Presented">The certificates that the server presented in the last full handshake.</param>
internal sealed record HandshakeRecord(
    DateTimeOffset At, TimeSpan? Duration, NegotiatedTls Negotiated, PresentedChain Presented);
