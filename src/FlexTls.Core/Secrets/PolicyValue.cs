namespace FlexTls;

/// <summary>One scalar as its author wrote it, and where.</summary>
internal sealed record PolicyValue(string Text, Place Place)
{
    /// <summary>What the author wrote if the text came from elsewhere: <c>$NAME</c> or <c>file:PATH</c>.</summary>
    public string? Origin { get; private init; }

    /// <summary>The value as a message may show it: never what came from the environment or from a file.</summary>
    public string Quoted => Origin ?? FlexTls.Text.Quote(Text);

    /// <summary>The value that this one stands for.</summary>
    public PolicyValue StandsFor(string text) => this with { Text = text, Origin = Text };

    /// <summary>
    /// The value as text of many lines. If it came from elsewhere, these are not lines of the policy file.
    /// </summary>
    public PolicyValue AsLines() =>
        Origin is null ? this : this with { Place = Place with { Path = $"{Place.Path} ({Origin})", ContentLine = 0 } };

    /// <summary>Only the place: the value may be a private key.</summary>
    public override string ToString() => Place.Path;
}
