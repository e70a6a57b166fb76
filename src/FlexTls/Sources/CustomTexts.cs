namespace FlexTls;

/// <summary>The answer of a policy source.</summary>
/// <param name="Name">The name of the source.</param>
/// <param name="Texts">The texts that it had its reader read.</param>
/// <param name="Problem">Why it cannot be used; <see langword="null"/>: it can.</param>
internal sealed record CustomTexts(string Name, IReadOnlyList<YamlText> Texts, string? Problem)
{
    /// <summary>Equal for equal texts in the same order.</summary>
    public ContentVersion Version { get; } = Problem is null
        ? ContentVersion.Of(Texts.SelectMany(text =>
            (ContentVersion[])[ContentVersion.Of(text.FileName ?? ""), ContentVersion.Of(text.Text)]))
        : ContentVersion.Unreadable(Problem);

    /// <summary>Asks a source, with a time limit.</summary>
    /// <param name="source">The source.</param>
    /// <param name="key">Its name among what is watched.</param>
    /// <param name="values">Makes what reads the values that the texts refer to.</param>
    /// <param name="calls">Calls the source.</param>
    /// <param name="fired">Called when its token fires.</param>
    public static (CustomTexts Texts, ChangeSignal? Change) Of(
        ITlsPolicySource source, string key, Func<ValueReads> values, BoundedCalls calls, Action fired)
    {
        var name = key;
        TlsPolicyReader? reader = null;
        var ((set, change), problem, _) = calls.Ask(
            key,
            async token =>
            {
                name = Text.OneLine(Text.Cut(source.Name ?? key, TlsPolicyReader.LongestName));
                reader = new TlsPolicyReader(name, values());

                // Before the reading: what changes meanwhile fires it.
                var signal = ChangeSignal.Of(source.GetChangeToken(), fired);
                try
                {
                    var answer = await source.ReadAsync(reader, token).ConfigureAwait(false);
                    token.ThrowIfCancellationRequested();
                    return (answer, signal);
                }
                catch (Exception)
                {
                    signal?.End();
                    throw;
                }
            },
            isExcused: () => reader is { IsReading: true });
        return problem is not null ? Failed(name, $"it {problem}", null)
            : set is null ? Failed(name, "it returned null", change)
            : set.Readings.Any(reading => reading.Text is null) || (set.HasErrors && set.Readings.Count == 0)
                ? Failed(name, "it returned what its reader has not read", change)
            : (new CustomTexts(name, [.. set.Readings.Select(reading => reading.Text!)], null), change);
    }

    private static (CustomTexts Texts, ChangeSignal? Change) Failed(
        string name, string problem, ChangeSignal? change) =>
        (new CustomTexts(name, [], problem), change);
}
