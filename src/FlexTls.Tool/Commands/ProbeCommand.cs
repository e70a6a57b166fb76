using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Spectre.Console;

namespace FlexTls;

/// <summary><c>flextls probe</c>: finds out what a server supports, and writes the policy for it.</summary>
internal static class ProbeCommand
{
    private const int FingerprintDigits = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static Command Create(Terminal terminal)
    {
        var server = new Argument<string>("HOST:PORT")
        {
            Description = "The server; smtp://, imap:// and postgres:// for STARTTLS.",
        };
        var write = new Option<string?>("--write")
        {
            Description = "Write the policy to a new file.",
            HelpName = "FILE",
        };
        var trust = new Option<string?>("--trust")
        {
            Description = "SHA-256 fingerprint that the server's owner confirmed; the certificate that has it becomes "
                + "trustedCA.",
            HelpName = "FINGERPRINT",
        };
        var command = new Command(
            "probe", "Finds out what a server supports, and writes the strictest policy for it: "
            + "flextls probe orders.example:443 --write orders.yaml")
        {
            server, write, trust,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var file = arguments.GetValue(write);
            var fingerprint = Fingerprint(arguments.GetValue(trust));
            CheckTarget(file);
            var address = ServerAddress.Parse(arguments.GetValue(server)!);
            var found = await ProbeAsync(terminal, address, cancellationToken).ConfigureAwait(false);
            if (found.Failure is { } failure)
            {
                throw new UnusableException($"{address}: every handshake failed: {SafeText.Of(failure)}");
            }

            return await WriteAsync(terminal, address, found, fingerprint, file, cancellationToken)
                .ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<ProbedServer> ProbeAsync(
        Terminal terminal, ServerAddress server, CancellationToken cancellationToken)
    {
        await terminal.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Up to {ServerProbe.MostConnections} connections to {server}, one at a time, {Words.Of(Pause)} apart."))
            .ConfigureAwait(false);
        await terminal.Error.WriteLineAsync("They only shake hands: no request is sent.").ConfigureAwait(false);
        try
        {
            var address = await Transport.FindAsync(server.Host, server.Port, cancellationToken).ConfigureAwait(false);
            return await WithProgressAsync(
                terminal, begin => new ServerProbe(address, server, Pause, begin).RunAsync(cancellationToken))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            throw new UnusableException($"{server}: {SafeText.Of(e.Message)}");
        }
    }

    /// <summary>Shows on a terminal what each connection is for.</summary>
    private static Task<ProbedServer> WithProgressAsync(
        Terminal terminal, Func<Action<string>, Task<ProbedServer>> probe) =>
        terminal.Progress.Profile.Capabilities.Interactive
            ? terminal.Progress.Status().StartAsync(
                "connecting", status => probe(what => status.Status(Markup.Escape(what))))
            : probe(_ => { });

    private static async Task<int> WriteAsync(
        Terminal terminal, ServerAddress server, ProbedServer found, string? fingerprint, string? file,
        CancellationToken cancellationToken)
    {
        if (found.Chain.Count == 0)
        {
            throw new UnusableException(
                $"{server}: the server shows its certificate only to clients that present one; write the policy by "
                + "hand.");
        }

        var confirmed = fingerprint is null ? null : Presented(found, fingerprint);
        var trust = ProposedTrust.Of(found.Chain, server.Host, confirmed);
        if (trust.Failures.Count > 0)
        {
            foreach (var reason in trust.Failures)
            {
                await terminal.Error.WriteLineAsync($"{reason.Code}: {reason.Message}").ConfigureAwait(false);
            }

            await terminal.Error.WriteLineAsync(
                $"flextls: this command knows no policy that accepts the certificate of {server}.")
                .ConfigureAwait(false);
            return ExitCodes.Findings;
        }

        var now = TimeProvider.System.GetUtcNow();
        var draft = new PolicyDraft(server, found, trust, confirmed is not null, now);
        var yaml = draft.Write();
        if (file is null)
        {
            terminal.WriteLine(yaml.TrimEnd());
            return ExitCodes.Success;
        }

        await CreateAsync(file, yaml, cancellationToken).ConfigureAwait(false);
        terminal.WriteLine(draft.IsComplete
            ? $"Wrote {file}. Next: flextls connect {server.Argument} --policy {file}"
            : $"Wrote {file}, under which the server is not accepted yet: its comments say what you must confirm. If "
                + "the fingerprint in them is the one from the server's owner, remove the file and probe again with "
                + "--trust FINGERPRINT.");
        return ExitCodes.Success;
    }

    private static X509Certificate2 Presented(ProbedServer found, string fingerprint) =>
        found.Chain.FirstOrDefault(one => CertificateText.Fingerprint(one) == fingerprint)
            ?? throw new UnusableException(
                "the server presents no certificate with this fingerprint; do not trust it. It presents "
                + $"{string.Join(", ", found.Chain.Select(CertificateText.Fingerprint))}.");

    /// <summary>A fingerprint in the form of ours; OpenSSL writes <c>sha256 Fingerprint=AA:BB:…</c>.</summary>
    private static string? Fingerprint(string? written)
    {
        if (written is null)
        {
            return null;
        }

        var digits = written[(written.LastIndexOf('=') + 1)..].Replace(":", "", StringComparison.Ordinal).Trim();
        return digits.Length == FingerprintDigits && digits.All(char.IsAsciiHexDigit) ? digits.ToUpperInvariant()
            : throw new UnusableException(
                "--trust takes a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons.");
    }

    /// <summary>What would fail at the end fails before the first connection.</summary>
    private static void CheckTarget(string? file)
    {
        if (File.Exists(file))
        {
            throw new UnusableException($"{file} exists; write to another file, or remove it.");
        }

        var folder = file is null ? null : Path.GetDirectoryName(Path.GetFullPath(file));
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new UnusableException($"there is no folder {folder}; create it first.");
        }
    }

    private static async Task CreateAsync(string file, string text, CancellationToken cancellationToken)
    {
        try
        {
            var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            await using var _ = stream.ConfigureAwait(false);
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException($"{file}: {e.Message}");
        }
    }
}
