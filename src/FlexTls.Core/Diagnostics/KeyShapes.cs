namespace FlexTls;

/// <summary>The fix for a value of the wrong kind, as the end of a message; empty: unknown.</summary>
internal static class KeyShapes
{
    /// <summary>For a key that must be a mapping but has a value.</summary>
    public static string OfMapping(string path) => Last(path) switch
    {
        "policyRef" => "; write 'name: tls-outbound' below it",
        "targetRef" => "; write 'kind: Service' and its name below it",
        "metadata" => "; write its name below it",
        "certificate" => "; write key and crt below it, each as file:PATH or PEM text",
        "pins" => "; write spkiSha256 below it, a list of pins",
        _ => "",
    };

    /// <summary>For a key that must be one text but has a list.</summary>
    public static string OfText(string path) => Last(path) is "trustedCA" or "crt"
        ? "; put the certificates into one file, one after the other" : "";

    /// <summary>What may be written instead of the keys of a mapping, as the end of a message.</summary>
    public static string InsteadOfKeys(string path) => Last(path) switch
    {
        "policyRef" or "targetRef" or "metadata" => "",
        "certificate" or "pins" => ", or leave it out to get the default",
        _ => ", {} for none, or leave it out to get the default",
    };

    private static string Last(string path) => path[(path.LastIndexOfAny(['.', ':']) + 1)..];
}
