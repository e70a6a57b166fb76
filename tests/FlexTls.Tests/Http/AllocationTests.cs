using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Http;

/// <summary>On a connection that is reused, a policy costs a request not one byte.</summary>
public class AllocationTests
{
    private const int Requests = 600;
    private const int Rounds = 2;
    private const int WarmUp = 400;

    [Theory]
    [InlineData("1.1", HttpProtocols.Http1, "HTTP/1.1", false)]
    [InlineData("2.0", HttpProtocols.Http2, "HTTP/2", false)]
    [InlineData("1.1", HttpProtocols.Http1, "HTTP/1.1", true)]
    [InlineData("2.0", HttpProtocols.Http2, "HTTP/2", true)]
    public async Task ARequest_AllocatesNoMoreThanWithoutAPolicy(
        string version, HttpProtocols protocols, string seen, bool isListenedTo)
    {
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                Protocols = protocols,
                Respond = context =>
                {
                    // The same bytes every time, in one piece.
                    context.Response.StatusCode = 204;
                    context.Response.Headers.Date = "Thu, 01 Jan 2026 00:00:00 GMT";
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());

        var rounds = await ProbeAsync(server.Address, version, isListenedTo);

        // The least of the rounds: a timer of the platform's may fall into one.
        var (stock, policy) = (rounds.Min(round => round.Stock), rounds.Min(round => round.Policy));
        TestContext.Current.TestOutputHelper?.WriteLine($"{seen}, bytes per request: {stock / (double)Requests} stock, {policy / (double)Requests} under a policy");
        Assert.Equal(Rounds, rounds.Count);
        Assert.InRange(PerRequest(policy), 0, PerRequest(stock));
        Assert.Equal(2 * (WarmUp + (Rounds * Requests)), server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal(seen, request.Protocol));
        Assert.Equal(2, server.Requests.Select(request => request.ConnectionId).Distinct().Count());
    }

    private static long PerRequest(long bytes) => (bytes + (Requests / 2)) / Requests;

    private static async Task<List<(long Stock, long Policy)>> ProbeAsync(
        Uri address, string version, bool isListenedTo)
    {
        var path = typeof(AllocationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Probes").Value!;
        string[] arguments = [path, $"{address}", version, $"{WarmUp}", $"{Requests}", $"{Rounds}"];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET_PROCESSOR_COUNT"] = "1",
                // The window of HTTP/2 is adapted by the clock, with pings.
                ["DOTNET_SYSTEM_NET_HTTP_SOCKETSHTTPHANDLER_HTTP2FLOWCONTROL_DISABLEDYNAMICWINDOWSIZING"] = "1",
                ["CA"] = Pki.Root.Pem,
                ["KEY"] = Pki.Client.KeyPem(),
                ["CRT"] = Pki.Client.ChainPem(Pki.Intermediate.Certificate),
            },
        };
        if (isListenedTo)
        {
            start.Environment["LISTEN"] = "1";
        }

        using var process = Process.Start(start)!;
        try
        {
            var ct = LongDeadline();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
            await process.WaitForExitAsync(ct);
            Assert.True(process.ExitCode == 0, await error);
            return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(round => (long.Parse(round[0], CultureInfo.InvariantCulture), long.Parse(round[1], CultureInfo.InvariantCulture)))];
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Thousands of requests, by a process of their own, take longer than anything else here.</summary>
    private static CancellationToken LongDeadline()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(TimeSpan.FromMinutes(3));
        return source.Token;
    }
}
