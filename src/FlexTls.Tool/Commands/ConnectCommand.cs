using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Spectre.Console;

namespace FlexTls;

/// <summary><c>flextls connect</c>: a real connection under a policy, and why it fails.</summary>
internal static class ConnectCommand
{
    public static Command Create(Terminal terminal)
    {
        var server = new Argument<string>("URL|HOST:PORT")
        {
            Description = "The server: https://HOST, HOST:PORT, or smtp://, imap:// and postgres:// for STARTTLS.",
        };
        var policy = new Option<string[]>("--policy")
        {
            Description = "Policy files, folders and patterns. Default: a policy with all defaults.",
            HelpName = "PATH",
        };
        var service = new Option<string?>("--service")
        {
            Description = "The Service whose policy to use. Default: the only one, or the one at this address.",
            HelpName = "NAME",
        };
        var section = PolicyArguments.Section();
        var http = new Option<bool>("--http") { Description = "Also send a GET request, over a second connection." };
        var all = new Option<bool>("--all-addresses") { Description = "Connect to every address of the host." };
        var command = new Command(
            "connect", "Connects to a server under a policy: flextls connect https://orders.example --policy policies")
        {
            server, policy, service, section, http, all,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var address = ServerAddress.Parse(arguments.GetValue(server)!);
            if (arguments.GetValue(http) && address.Url is null)
            {
                throw new UnusableException("--http needs a server that speaks HTTP; write https://HOST.");
            }

            var policies = await (arguments.GetValue(policy) is { Length: > 0 } paths
                ? PolicyArguments.LoadAsync(paths, arguments.GetValue(section)!, terminal, cancellationToken)
                : ChosenPolicy.LoadDefaultAsync(cancellationToken)).ConfigureAwait(false);
            await using var _ = policies.ConfigureAwait(false);
            var context = ChosenPolicy.Choose(policies, arguments.GetValue(service), address);
            var succeeded = await ConnectAsync(
                terminal, policies, context, address, arguments.GetValue(all), cancellationToken)
                .ConfigureAwait(false);
            if (succeeded && arguments.GetValue(http))
            {
                succeeded = await RequestAsync(terminal, policies, context, address.Url!, cancellationToken)
                    .ConfigureAwait(false);
            }

            return succeeded ? ExitCodes.Success : ExitCodes.Findings;
        });
        return command;
    }

    /// <summary>Connects to all addresses, or to the first that answers.</summary>
    private static async Task<bool> ConnectAsync(
        Terminal terminal, LoadedPolicies policies, OutboundTlsContext context, ServerAddress server, bool all,
        CancellationToken cancellationToken)
    {
        var results = new List<ConnectionResult>();
        var watch = Stopwatch.StartNew();
        var addresses = await AddressesAsync(server, cancellationToken).ConfigureAwait(false);
        var lookup = watch.Elapsed;
        foreach (var address in addresses)
        {
            var result = await PolicyConnection.MakeAsync(context, address, server, cancellationToken)
                .ConfigureAwait(false);
            var negotiated = result.Failure is null ? policies.StatusOf(context).LastHandshake : null;
            ConnectionReport.Write(
                terminal, result with { Phases = [("DNS", lookup), .. result.Phases] }, context, negotiated,
                policies.Clock.GetUtcNow());
            results.Add(result);
            if (!all && result.Phases.Count > 0)
            {
                return result.Failure is null;
            }
        }

        return results.TrueForAll(result => result.Failure is null);
    }

    private static async Task<IReadOnlyList<IPAddress>> AddressesAsync(
        ServerAddress server, CancellationToken cancellationToken)
    {
        try
        {
            return await Transport.ResolveAsync(server.Host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new UnusableException($"{SafeText.Of(server.Host)}: {e.Message}");
        }
    }

    private static async Task<bool> RequestAsync(
        Terminal terminal, LoadedPolicies policies, OutboundTlsContext context, Uri url,
        CancellationToken cancellationToken)
    {
        using var settings = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        using var client = new HttpClient(policies.Handlers.CreateHandler(context.Name!, settings))
        {
            Timeout = Transport.StepTimeout,
        };
        try
        {
            using var response = await client.GetAsync(
                url, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode}");
            terminal.WriteLine($"HTTP/{response.Version} {status} {response.StatusCode}");
            return true;
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            terminal.WriteLine("", "HTTP FAILED", $" {SafeText.Of(e.Message)}", Color.Red);
            return false;
        }
    }
}
