namespace FlexTls.Diagnostics;

/// <summary>What belongs below a key, for values of another kind, as the end of a message; empty: not known.</summary>
internal static class KeyShapes
{
    /// <summary>Below a key that must be a mapping.</summary>
    public static string OfMapping(string path) => Last(path) switch
    {
        "policyRef" => "; write 'name: tls-outbound' below it",
        "targetRef" => "; write 'kind: Service' and its name below it",
        "metadata" => "; write its name below it",
        "certificate" => "; write key and crt below it, each as file:PATH or PEM text",
        "pins" => "; write spkiSha256 below it, a list of pins",
        _ => "",
    };

    /// <summary>In place of a list.</summary>
    public static string OfText(string path) => Last(path) is "trustedCA" or "crt"
        ? "; put the certificates into one file, one after the other" : "";

    private static string Last(string path) => path[(path.LastIndexOfAny(['.', ':']) + 1)..];
}
