using FlexTls.Diagnostics;

namespace FlexTls.Policies;

/// <summary>One scalar as its author wrote it, and where.</summary>
internal sealed record PolicyValue(string Text, Place Place)
{
    /// <summary>The value as a message may show it.</summary>
    public string Quoted => Diagnostics.Text.Quote(Text);

    /// <summary>The place alone: the value may be a private key.</summary>
    public override string ToString() => Place.Path;
}
