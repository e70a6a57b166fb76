namespace FlexTls;

/// <summary>Whether a policy accepts a public key.</summary>
internal enum KeyVerdict
{
    /// <summary>
    /// Of a kind that is not accepted, or not understood. The zero value, so that unknown kinds are refused.
    /// </summary>
    Unsupported,

    /// <summary>Of an accepted kind, but too small or on another curve.</summary>
    Weak,

    /// <summary>Of an accepted kind that this platform cannot verify.</summary>
    NotOnPlatform,

    Accepted,
}
