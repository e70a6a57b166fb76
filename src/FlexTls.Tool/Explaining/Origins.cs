namespace FlexTls;

/// <summary>Where the settings of a policy come from.</summary>
internal sealed class Origins(OutboundTlsPolicy policy)
{
    private const string Default = "default";

    /// <summary>The places of the keys that decide a setting; those that are not written have their default.</summary>
    public string Of(params IReadOnlyList<string> keys)
    {
        var written = keys.Select(key => (Key: key, Place: Find(key))).ToList();
        return written.TrueForAll(one => one.Place is null) ? Default
            : written.Count == 1 ? written[0].Place!
            : string.Join(", ", written.Where(one => one.Place is not null).Select(one => $"{one.Key} {one.Place}"));
    }

    private string? Find(string key) => policy.WrittenSettings.FirstOrDefault(
        written => written.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) is not { } found ? null
        : found.FileName is { } file ? ShownPath.Of(file, found.Line) : found.Path;
}
