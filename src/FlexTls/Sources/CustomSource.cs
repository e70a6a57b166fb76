using System.Globalization;

namespace FlexTls;

/// <summary>
/// A policy source that the program registered. Its texts are kept until its token fires, and read again when something
/// that they refer to changes.
/// </summary>
/// <param name="Index">Which one it is.</param>
/// <param name="Texts">Its texts, or why there are none.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record CustomSource(int Index, KeptAnswer<CustomTexts> Texts, string ContentRoot)
    : PolicySource, IWatchedSource
{
    public override string Shown => $"policy {Item}";

    public override string Item => ItemOf(Index);

    public static string ItemOf(int index) => string.Create(CultureInfo.InvariantCulture, $"source {index}");

    public ContentVersion Look() => Texts.Look();

    /// <summary>As <see cref="Look"/>, but waits for an answer that is due.</summary>
    /// <param name="afterFailure">Whether it is also asked again if the last answer is a failure.</param>
    public ContentVersion LookNow(bool afterFailure) => Texts.LookNow(afterFailure);

    public override void Forget() => Texts.Forget();

    public override SourceReading Read()
    {
        var texts = Texts.Current();
        var values = new ValueReads(ContentRoot, Reads, Secrets);
        List<PolicyFileReading> readings = [.. texts.Texts.Select(text => PolicyFileReading.Read(text, values))];
        var versions = new Dictionary<string, ContentVersion>(values.Versions, StringComparer.Ordinal)
        {
            [Item] = texts.Version,
        };
        return texts.Problem is null
            ? SourceReading.Of(readings, versions)
            : SourceReading.Of([], [Fault(texts.Name, texts.Problem)], versions);
    }

    private static TlsPolicyDiagnostic Fault(string name, string problem) => DiagnosticList.OneError(
        DiagnosticCodes.PolicySourceFailed, new Place(name),
        $"the policy source {Text.Quote(name)} cannot be read: {problem}.");
}
