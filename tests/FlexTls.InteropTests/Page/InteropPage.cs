namespace FlexTls.Interop;

/// <summary>docs/interoperability.md: a pure function of what was found.</summary>
internal static class InteropPage
{
    public const string Path = "docs/interoperability.md";

    /// <summary>The variable that says where a run writes the page.</summary>
    public const string Variable = "FLEXTLS_INTEROP_PAGE";

    /// <summary>What a cell holds when all is as the matrix says.</summary>
    public static string Expected(InteropServer server, Row row) =>
        server.GapOf(row) is { } gap ? $"gap {Gaps().IndexOf((server, gap)) + 1}"
        : row.IsAboutAlpn ? (server.Choice(row.Alpn!) is { Length: > 0 } choice ? choice : "none")
        : "ok";

    public static string Render(Func<InteropServer, Row, string> cell, Func<InteropServer, string> version)
    {
        string[] lines =
        [
            """
            # Interoperability

            Every row against servers that others wrote, each through `OutboundTlsContext.ConnectAsync` and through a named
            `HttpClient`. Written by a run of tests/FlexTls.InteropTests; [CONTRIBUTING.md](../CONTRIBUTING.md) says how.
            The servers run on the loopback address, with the configurations in tests/FlexTls.InteropTests/Servers and
            certificates that are made for the run.

            *ok*: the connection ended as the row says, and what the server said of it, as far as it says anything, was
            the same. A protocol: what the server chose of the two. *gap*: the server cannot have the row; its own words
            are below, and the run fails when they change. *Resumed*: the sessions that one of four connections of a
            policy for TLS 1.2 and 1.3 resumed, by the ServerHello.

            ## Servers

            | server | library | version, in its own words | what it says of a connection | resumed |
            |---|---|---|---|---|
            """,
            .. AllServers.All.Select(server => $"| {server.Name} | {server.Library} | {version(server)} | {Says(server)} | {Resumes(server)} |"),
            """

            botan's test server speaks no HTTP: it is tried through `OutboundTlsContext.ConnectAsync` only.

            ## Matrix

            """,
            $"| row | {string.Join(" | ", AllServers.All.Select(server => server.Name))} |",
            $"|---|{string.Concat(AllServers.All.Select(_ => "---|"))}",
            .. Rows.All.Select(row => $"| {row.Name} | {string.Join(" | ", AllServers.All.Select(server => cell(server, row)))} |"),
            """

            ## Gaps

            | gap | server | the server's words |
            |---|---|---|
            """,
            .. Gaps().Select((found, index) => $"| {index + 1} | {found.Server.Name} | {found.Gap.Words}{(found.Gap.Source is null ? "" : $" ({found.Gap.Source})")} |"),
            """

            ## Suites without a row

            | suite | why |
            |---|---|
            """,
            .. Rows.NotOffered.Select(not => $"| {not.Suite.Name} | {not.Code}: {(not.Suite.NeedsPreSharedKey ? "a policy carries no pre-shared key" : "OpenSSL as Debian builds it does not have it")} |"),
            "",
        ];
        return string.Join('\n', lines).ReplaceLineEndings("\n");
    }

    private static List<(InteropServer Server, Gap Gap)> Gaps() => [.. AllServers.All.SelectMany(server => server.Gaps.Select(gap => (server, gap)))];

    private static string Resumes(InteropServer server) => server.Resumes switch
    {
        ResumedSessions.All => "yes; with a client certificate too",
        ResumedSessions.WithoutClientCertificate => "yes; without a client certificate",
        _ => "no: it has no TLS 1.3",
    };

    private static string Says(InteropServer server)
    {
        (Tells What, string Word)[] words =
        [
            (Tells.Version, "version"),
            (Tells.Suite, server.SaysCipherOnly ? "cipher" : "suite"),
            (Tells.Alpn, "protocol"),
            (Tells.ServerName, "server name"),
            (Tells.Client, "client certificate"),
        ];
        return string.Join(", ", words.Where(word => server.Tells.HasFlag(word.What)).Select(word => word.Word));
    }
}
