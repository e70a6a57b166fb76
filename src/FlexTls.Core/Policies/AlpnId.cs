namespace FlexTls;

/// <summary>
/// A protocol id, and its form in messages: an id from the environment appears as the name of its variable.
/// </summary>
internal sealed record AlpnId(string Text, string Shown)
{
    public static string Show(IReadOnlyList<AlpnId> ids) =>
        ids.Count == 0 ? "no ALPN" : string.Join(", ", ids.Select(id => id.Shown));

    /// <summary>The form for messages, because this may end up in a log.</summary>
    public override string ToString() => Shown;
}
