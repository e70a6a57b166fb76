using System.Diagnostics;
using FlexTls.Interop;

namespace FlexTls.Recipes;

/// <summary>PostgreSQL, which asks every client for a certificate and takes its user's word for the rest.</summary>
public sealed class PostgresServer : RecipeServer
{
    // Debian's folders have the version in their names.
    private static readonly string? Binaries = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).Max()
        : null;

    private protected override string Program => Path.Combine(Binaries ?? "/usr/lib/postgresql", "postgres");

    private protected override string ReadyWords => "database system is ready to accept connections";

    internal override ServerCommand Command() => Unprivileged(Program, "-D", PathOf("data"));

    private protected override async Task PrepareAsync(CancellationToken ct)
    {
        await GiveAwayAsync(ct);
        var output = await ServerProcess.OutputAsync(
            Unprivileged(
                Path.Combine(Binaries!, "initdb"), "-D", PathOf("data"), "--username=app", "--auth=trust", "--no-sync",
                "--no-instructions", "--no-locale", "--encoding=UTF8"),
            ct);
        if (!File.Exists(PathOf("data/postgresql.conf")))
        {
            throw new InvalidOperationException($"initdb fails: {output}");
        }

        Write("data/pg_hba.conf", "hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n");
        Write("data/postgresql.conf", $"""
            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = ''
            fsync = off
            ssl = on
            ssl_ca_file = '{PathOf("root.pem")}'
            ssl_cert_file = '{PathOf("server.pem")}'
            ssl_key_file = '{PathOf("server.key")}'
            """);
    }

    // Killed, it would leave its shared memory behind.
    private protected override async Task EndAsync(Process process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await ServerProcess.OutputAsync(new ServerCommand("kill", "-INT", Text(process.Id)), patience.Token);
        await process.WaitForExitAsync(patience.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}
