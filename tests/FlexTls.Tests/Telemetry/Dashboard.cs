using System.Text.Json;
using FlexTls.Support;

namespace FlexTls.Telemetry;

/// <summary>The dashboard of docs/operations.md.</summary>
internal static class Dashboard
{
    /// <summary>All queries of its panels, and that of its annotations.</summary>
    public static IReadOnlyList<string> Expressions() => Find("expr");

    /// <summary>The patterns of its legends and titles.</summary>
    public static IReadOnlyList<string> Legends() => [.. Find("legendFormat"), .. Find("titleFormat")];

    private static List<string> Find(string name)
    {
        using var json = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "dashboard.json")));
        return [.. Values(json.RootElement, name)];
    }

    private static IEnumerable<string> Values(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(one => Values(one, name)),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(
            one => one.Name == name ? [one.Value.GetString()!] : Values(one.Value, name)),
        _ => [],
    };
}
