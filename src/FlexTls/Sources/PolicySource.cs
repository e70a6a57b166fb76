namespace FlexTls;

/// <summary>
/// Policies that are read as a whole, and again when anything that they depend on has changed. Two sources are equal
/// when they stand for the same part of the registration.
/// </summary>
internal abstract record PolicySource
{
    /// <summary>Reads files with a time limit.</summary>
    public BoundedReads Reads { get; init; } = BoundedReads.Default;

    /// <summary>The providers of secrets.</summary>
    public SecretProviders Secrets { get; init; } = SecretProviders.None;

    /// <summary>Whether the source is a file that does not exist now.</summary>
    public virtual bool IsMissing => false;

    /// <summary>How messages name it.</summary>
    public abstract string Shown { get; }

    /// <summary>
    /// Its own content among the watched items, apart from what its policies refer to; <see langword="null"/>: none.
    /// </summary>
    public virtual string? Item => null;

    /// <summary>Whether both stand for the same content, such as a file that is now named in another way.</summary>
    public bool HasContentOf(PolicySource other) => this == other || (Item is not null && Item == other.Item);

    /// <summary>Reads the source as it is now. Never throws for faulty content.</summary>
    public abstract SourceReading Read();

    /// <summary>Drops what is kept from earlier readings: the user asks for everything anew.</summary>
    public virtual void Forget()
    {
    }
}
