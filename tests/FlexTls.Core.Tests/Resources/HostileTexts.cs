namespace FlexTls.Resources;

/// <summary>Texts that are written to harm the reader, with the most events that reading one may take.</summary>
internal static class HostileTexts
{
    private const int MostUnits = 4 * 1024 * 1024;

    public static IReadOnlyDictionary<string, (string Text, string Code, int MostEvents)> All { get; } = new Dictionary<string, (string, string, int)>
    {
        ["4 MiB of ["] = (Repeated("["), "FTLS1021", 100),
        ["4 MiB of {a: "] = (Repeated("{a: "), "FTLS1021", 200),
        ["4 MiB of - "] = (Repeated("- "), "FTLS1021", 100),
        ["4 MiB of ? "] = (Repeated("? "), "FTLS1021", 100),
        ["10,001 documents"] = (string.Concat(Enumerable.Repeat("---\n", 10_001)), "FTLS1022", 40_000),
        ["longer than 4 MiB"] = (Repeated("#") + "#", "FTLS1020", 0),
        ["20,001 nodes through aliases"] = (ManyAliases(), "FTLS1023", 50_000),
        ["a long text through aliases"] = (
            "apiVersion: gateway.mulesoft.com/v1alpha1\nkind: PolicyBinding\nmetadata: { name: a }\nspec:\n"
            + "  targetRef: { kind: Service, name: a }\n  policyRef: { name: tls-outbound }\n  config:\n"
            + $"    serverName: &c {new string('a', 3_000_000)}\n    ciphers: [{string.Join(", ", Enumerable.Repeat("*c", 30))}]\n", "FTLS1023", 200),
        ["lists nested through aliases"] = (NestedLists(20_000, "{apiVersion: v, kind: List, items: *"), "FTLS1005", 400_000),
        ["lists that grow tenfold"] = (NestedLists(12, string.Concat(Enumerable.Repeat("{apiVersion: v, kind: List, items: *#}, ", 9)) + "{apiVersion: v, kind: List, items: *"), "FTLS1005", 2_000),
        ["200,000 unknown keys"] = (string.Concat(Enumerable.Range(0, 200_000).Select(i => $"k{i}: 1\n")), "FTLS1006", 500_000),
        ["200,000 faults"] = ("apiVersion: gateway.mulesoft.com/v1alpha1\nkind: PolicyBinding\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"k{i}: 1\n")), "FTLS1034", 500_000),
        ["a long tag prefix"] = (
            $"%TAG !x! tag:{new string('a', 2_000_000)}\n---\n"
            + string.Concat(Enumerable.Repeat("- !x!b c\n", 200_000)),
            "FTLS1020", 5),
        ["NUL"] = ("apiVersion: a\0b\nkind: \0\n", "FTLS1001", 20),
        ["zero-width space before ---"] = ("\u200b---\napiVersion: v1\nkind: List\nitems: []\n", "FTLS1001", 20),
        ["zero-width no-break space twice"] = ("\uFEFF\uFEFF---\napiVersion: v1\n", "FTLS1001", 20),
        ["lone surrogate"] = ("apiVersion: \uD800\n", "FTLS1006", 20),
    };

    private static string Repeated(string part) => string.Concat(Enumerable.Repeat(part, MostUnits / part.Length));

    /// <summary>Each list's items are lists whose items are the list before.</summary>
    private static string NestedLists(int levels, string items) =>
        "x0: &a0 []\n"
        + string.Concat(Enumerable.Range(1, levels).Select(i => $"x{i}: &a{i} [{items.Replace("#", $"a{i - 1}", StringComparison.Ordinal)}a{i - 1}}}]\n"))
        + $"apiVersion: v1\nkind: List\nitems: *a{levels}\n";

    /// <summary>One binding, and a list that names it two thousand times: each mention costs all of its nodes.</summary>
    private static string ManyAliases() =>
        "apiVersion: v1\nkind: List\nitems:\n  - &b {apiVersion: x/v1, kind: Other, metadata: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}}\n"
        + string.Concat(Enumerable.Repeat("  - *b\n", 2000));
}
