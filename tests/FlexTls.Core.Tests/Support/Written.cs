namespace FlexTls.Support;

/// <summary>Policies in the words of files and configurations, which the types of the options do not let through.</summary>
internal static class Written
{
    public static PolicyDocument Policy(
        string? minVersion = null, string? maxVersion = null, string[]? ciphers = null, string? drainTimeout = null) =>
        PolicyDocument.From(new OutboundTlsOptions()) with
        {
            MinVersion = Value(minVersion, "minversion"),
            MaxVersion = Value(maxVersion, "maxversion"),
            Ciphers = ciphers?.Select((name, i) => Value(name, $"ciphers[{i}]")!).ToList(),
            DrainTimeout = Value(drainTimeout, "drainTimeout"),
        };

    private static PolicyValue? Value(string? text, string path) =>
        text is null ? null : new PolicyValue(text, new Place(path));
}
