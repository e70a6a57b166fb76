namespace FlexTls;

/// <summary>How much of a policy's offer a handshake makes.</summary>
internal enum OfferKind
{
    /// <summary>All of it. The platform resumes no session under a cipher suites policy, which this needs.</summary>
    Whole,

    /// <summary>TLS 1.3 alone, so that the platform may resume a session.</summary>
    Resuming,

    /// <summary>TLS 1.3 alone, in a full handshake.</summary>
    InFull,
}
