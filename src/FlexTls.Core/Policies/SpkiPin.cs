namespace FlexTls;

/// <summary>
/// The SHA-256 of a SubjectPublicKeyInfo, and its form in messages: a pin from the environment appears as the name of
/// its variable.
/// </summary>
internal sealed record SpkiPin(ReadOnlyMemory<byte> Hash, string Shown)
{
    /// <summary>The form for messages, because this may end up in a log.</summary>
    public override string ToString() => Shown;
}
