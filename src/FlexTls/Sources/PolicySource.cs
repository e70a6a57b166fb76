using FlexTls.Secrets;

namespace FlexTls.Sources;

/// <summary>
/// Policies that are read as a whole, and again when something that they are made of has changed. Two sources are equal
/// when they are the same part of what was registered.
/// </summary>
internal abstract record PolicySource
{
    /// <summary>Reads files with a time limit.</summary>
    public BoundedReads Reads { get; init; } = BoundedReads.Default;

    /// <summary>The providers of secrets.</summary>
    public SecretProviders Secrets { get; init; } = SecretProviders.None;

    /// <summary>Whether the source is a file that does not exist now, so that it was not found.</summary>
    public virtual bool IsMissing => false;

    /// <summary>Reads the source as it is now. Never throws for a fault of what is read.</summary>
    public abstract SourceReading Read();

    /// <summary>The user asks for everything anew: what is kept of earlier readings does not count.</summary>
    public virtual void Forget()
    {
    }
}
