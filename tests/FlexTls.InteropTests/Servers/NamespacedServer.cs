namespace FlexTls.Interop;

/// <summary>
/// A server that can only bind to every address: it runs in a network of its own, with one process a port, and is
/// reached through Unix sockets.
/// </summary>
internal abstract class NamespacedServer : InteropServer
{
    private static readonly string[] RelayNeeds = ["unshare", "ip", "socat", "stdbuf", "sh"];

    // Only root, or a user whom the system allows namespaces of his own, may make a network.
    private static readonly string[] Rights = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];

    private static readonly Lazy<bool> MayMakeNetworks = new(() =>
        ServerProcess.OutputAsync(new("unshare", [.. Rights, "--net", "true"]), CancellationToken.None).GetAwaiter().GetResult().Length == 0);

    public override IReadOnlyList<string> Needs => [Program, .. RelayNeeds];

    protected abstract string Program { get; }

    /// <summary>What each process writes when its port is open.</summary>
    protected abstract string ListenLine { get; }

    public override IReadOnlyList<string> Missing() =>
        base.Missing() is { Count: > 0 } missing ? missing : MayMakeNetworks.Value ? [] : ["the right to run unshare --net"];

    public override ServerCommand Command(ServerFolder folder) =>
        new("sh", folder.Configure("relay.sh", ("inside", folder.Configure($"{Program}.sh")), ("rights", string.Concat(Rights))));

    /// <summary>Two relays and a server for each port.</summary>
    public override Func<string, bool> IsReady(ServerFolder folder) => log =>
        Count(log, " listening on AF=") == 2 * folder.Ports.Count && Count(log, ListenLine) >= folder.Ports.Count;

    private static int Count(string log, string words) => log.Split(words).Length - 1;
}
