using FlexTls.Policies;

namespace FlexTls.Upstreams;

/// <summary>
/// A part of what was registered that is read as a whole, and again when something that it is made of has changed. Two
/// units are equal when they are the same part.
/// </summary>
internal abstract record PolicyUnit
{
    /// <summary>Reads files with a time limit.</summary>
    public BoundedReads Reads { get; init; } = BoundedReads.Default;

    /// <summary>Whether the unit is a file that is not there now, so that it is not found.</summary>
    public virtual bool IsMissing => false;

    /// <summary>Reads the unit as it is now. Never throws for a fault of what is read.</summary>
    public abstract UnitReading Read();
}
