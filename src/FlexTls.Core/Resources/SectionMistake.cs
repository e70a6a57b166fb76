using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>
/// Recognizes a configuration that is not the section itself: the whole configuration, a section above or below it, one
/// that does not exist. Otherwise each of its keys would be reported, environment variables among them.
/// </summary>
internal static class SectionMistake
{
    private const int MostEdits = 3;

    private static readonly string[] Known = [SectionKeys.PolicyFiles, SectionKeys.Upstreams];

    /// <summary>The message; <see langword="null"/>: it is the section, perhaps with a misspelled key.</summary>
    public static string? In(IConfiguration configuration, string path)
    {
        var keys = configuration.GetChildren().Select(child => child.Key).ToList();
        if (keys.Count == 0)
        {
            var missing = path.Length == 0
                ? "this configuration is empty"
                : $"the configuration has no section {Text.Quote(path)}, or there is nothing in it";
            var call = Call(path.Length == 0 ? SectionKeys.Section : path);
            return $"{missing}; check its name, and that its file is there "
                + $"(appsettings.json is looked for in the content root) and can be parsed, and write {call}.";
        }

        if (FindBelow(configuration) is { } below)
        {
            return $"{Shown(path)} is not the section itself, which is in it; write {Call(Combine(path, below))}.";
        }

        if (keys.Exists(IsNearKnown) && (path.Length > 0 || keys.TrueForAll(IsNearKnown)))
        {
            return null;
        }

        return FindAbove(path) is { } above
            ? $"{Shown(path)} is only a part of the section; write "
                + $"{(above.Length == 0 ? "AddOutboundTls(…) with the configuration that holds it" : Call(above))}."
            : path.Length == 0
                ? $"this is the whole configuration, and it has no section '{SectionKeys.Section}'; "
                    + $"put {Words} into one, and write {Call(SectionKeys.Section)}."
                : $"{Shown(path)} has neither {SectionKeys.Upstreams} nor {SectionKeys.PolicyFiles}, but "
                    + $"{Text.Quote(keys[0])}; put policies below {Combine(path, SectionKeys.Upstreams)}, or write the "
                    + $"call with the name of the section that has them, such as {Call(SectionKeys.Section)}.";
    }

    private static string Words => $"{SectionKeys.PolicyFiles} and {SectionKeys.Upstreams}";

    /// <summary>
    /// A child that is the section: first the child with the usual name, then any with the section's keys.
    /// </summary>
    private static string? FindBelow(IConfiguration configuration)
    {
        var children = configuration.GetChildren().ToList();
        return HasKnown(children)
            ? null
            : (children.Find(child => IsSame(child.Key, SectionKeys.Section) && child.GetChildren().Any())
                ?? children.Find(child => HasKnown(child.GetChildren())))?.Key;
    }

    /// <summary>The path of the section that contains this part of it; empty: the configuration as a whole.</summary>
    private static string? FindAbove(string path)
    {
        var segments = path.Split(ConfigurationPath.KeyDelimiter);
        var part = Array.FindLastIndex(segments, segment => Known.Contains(segment, StringComparer.OrdinalIgnoreCase));
        return part < 0 ? null : string.Join(ConfigurationPath.KeyDelimiter, segments[..part]);
    }

    private static bool HasKnown(IEnumerable<IConfigurationSection> children) =>
        children.Any(child => Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase));

    private static bool IsNearKnown(string key) => NearestName.Find(key, Known, MostEdits) is not null;

    private static bool IsSame(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Combine(string path, string key) =>
        path.Length == 0 ? key : ConfigurationPath.Combine(path, key);

    private static string Shown(string path) => path.Length == 0 ? "the whole configuration" : Text.Quote(path);

    private static string Call(string path) => $"AddOutboundTls(configuration.GetSection(\"{path}\"))";
}
