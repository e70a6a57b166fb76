namespace FlexTls.Interop;

/// <summary>What a server says about a connection; an empty value is one that it does not say.</summary>
internal sealed record ServerView(string Version, string Suite, string Alpn, string ServerName, string Client)
{
    /// <summary>Reads lines such as <c>version=TLSv1.3</c>.</summary>
    public static ServerView Parse(string answer)
    {
        var values = answer.ReplaceLineEndings("\n").Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], parts => parts[1].Trim())
            .ToDictionary(group => group.Key, group => group.Last());
        return new ServerView(Value("version"), Value("suite"), Value("alpn"), Value("sni"), Value("client"));

        // Servers that have a place for a value, and no value, write one of these.
        string Value(string name) => values.TryGetValue(name, out var value) && value is not ("-" or "(none)" or "null" or "undefined" or "false") && !value.StartsWith('{') ? value : "";
    }
}
