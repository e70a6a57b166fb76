namespace FlexTls.Policies;

/// <summary>
/// The SHA-256 of a SubjectPublicKeyInfo, and how a message shows it: what came from the environment by the name of its
/// variable.
/// </summary>
internal sealed record SpkiPin(ReadOnlyMemory<byte> Hash, string Shown)
{
    /// <summary>The shown form: this may end up in a log.</summary>
    public override string ToString() => Shown;
}
