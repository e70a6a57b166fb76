namespace FlexTls.Policies;

/// <summary>
/// A protocol id, and how a message shows it: what came from the environment by the name of its variable.
/// </summary>
internal sealed record AlpnId(string Text, string Shown)
{
    public static string Show(IReadOnlyList<AlpnId> ids) =>
        ids.Count == 0 ? "no ALPN" : string.Join(", ", ids.Select(id => id.Shown));

    /// <summary>The shown form: this may end up in a log.</summary>
    public override string ToString() => Shown;
}
