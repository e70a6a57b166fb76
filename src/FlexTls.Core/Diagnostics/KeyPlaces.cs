namespace FlexTls;

/// <summary>Finds the right place for keys of a policy that were written elsewhere.</summary>
internal static class KeyPlaces
{
    private const string Config = "config";
    private const string Certificate = "certificate";
    private const string Extensions = "extensions";
    private const string Pkcs12 = "pkcs12";
    private const string Spec = "spec";

    private static readonly string[] OfSpec = [Config, "targetRef", "policyRef"];

    // The mapping below config that a key belongs in; empty: config itself.
    private static readonly Dictionary<string, string> Parents = new(StringComparer.OrdinalIgnoreCase)
    {
        ["skipValidation"] = "",
        ["trustedCA"] = "",
        [Certificate] = "",
        ["alpn"] = "",
        ["minversion"] = "",
        ["maxversion"] = "",
        ["ciphers"] = "",
        [Extensions] = "",
        ["key"] = Certificate,
        ["crt"] = Certificate,
        ["serverName"] = Extensions,
        ["subjectAltNames"] = Extensions,
        ["trustSystemCA"] = Extensions,
        ["pins"] = Extensions,
        ["keyPassphrase"] = Extensions,
        [Pkcs12] = Extensions,
        ["drainTimeout"] = Extensions,
        ["allowPlainHttp"] = Extensions,
        ["requireMutualTls"] = Extensions,
    };

    /// <summary>The right place for a key, as the end of a message; <see langword="null"/>: unknown.</summary>
    /// <param name="key">The key, which is unknown where it was written.</param>
    /// <param name="known">The keys that are known there.</param>
    /// <param name="path">The path of its mapping.</param>
    /// <param name="separator">The separator between the names of a path.</param>
    public static string? Of(string key, IReadOnlyCollection<string> known, string path, char separator)
    {
        if (known.Contains(Extensions) && key.Equals(Config, StringComparison.OrdinalIgnoreCase))
        {
            return $"its keys belong directly in {path}.";
        }

        if (OfSpec.Contains(key, StringComparer.OrdinalIgnoreCase))
        {
            return known.Contains(Spec) || path.EndsWith("Ref", StringComparison.Ordinal)
                ? "it belongs directly under spec." : null;
        }

        if (!Parents.TryGetValue(key, out var parent) || ConfigOf(known, path, separator) is not { } config)
        {
            return null;
        }

        var mapping = parent.Length == 0 ? config : $"{config}{separator}{parent}";
        var name = Parents.Keys.First(spelled => spelled.Equals(key, StringComparison.OrdinalIgnoreCase));
        return $"it belongs in {mapping}{separator}{name}"
            + (name == Pkcs12 ? ", which takes the place of certificate." : ".");
    }

    /// <summary>The path of <c>config</c>, relative to a mapping that is recognized by its keys.</summary>
    private static string? ConfigOf(IReadOnlyCollection<string> known, string path, char separator) =>
        known.Contains(Extensions) ? path
        : known.Contains("crt") || known.Contains(Pkcs12) ? path[..Math.Max(path.LastIndexOf(separator), 0)]
        : known.Contains(Config) ? $"{path}{separator}{Config}"
        : known.Contains(Spec) ? $"{Spec}{separator}{Config}"
        : null;
}
