using FlexTls.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(FlexTls.Interop.InteropServers))]

namespace FlexTls.Interop;

/// <summary>Every row against every server, through a context and through a named client.</summary>
public sealed class InteropTests(InteropServers servers)
{
    public static IEnumerable<TheoryDataRow<string, string>> Cells =>
        from server in AllServers.All
        from row in Rows.All
        select new TheoryDataRow<string, string>(server.Name, row.Name);

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task EveryServer_DoesWhatTheRowSays_OrSaysWhyNot(string serverName, string rowName)
    {
        var server = AllServers.All.Single(server => server.Name == serverName);
        var row = Rows.All.Single(row => row.Name == rowName);
        InteropServers.Require(server);
        await servers.Results.RecordAsync(server, row, () => CheckAsync(server, row));
    }

    private async Task CheckAsync(InteropServer server, Row row)
    {
        var gap = server.GapOf(row);
        var running = await servers.GetAsync(server);
        if (gap?.Probe is { } probe)
        {
            Assert.Contains(gap.Words, await running.ProbeAsync(probe, Deadline.Token()), StringComparison.Ordinal);
            return;
        }

        var context = servers.Policies.Value.Context(row, server.TakesAlpn);
        var client = servers.Policies.Value.Client(row, server.TakesAlpn);
        await CheckAsync(server, row, gap, running, context, () => DirectConnection.ObserveAsync(context, running.Port(row.Port), server.SpeaksHttp, Deadline.Token()));
        if (server.SpeaksHttp)
        {
            await CheckAsync(server, row, gap, running, context, () => ClientConnection.ObserveAsync(client, running.Port(row.Port), Deadline.Token()));
        }
    }

    private static async Task CheckAsync(InteropServer server, Row row, Gap? gap, RunningServer running, OutboundTlsContext context, Func<Task<Observation>> observe)
    {
        var mark = running.Log.Mark();
        var seen = await observe();
        ServerView? view = null;
        if (row.Outcome == Outcome.Connects && seen is { Failure: null, IsRefusal: false } && seen.Alpn != "h2")
        {
            await running.Log.WaitAsync(mark, log => (view = server.View(seen.Answer, log)) is not null, Deadline.Token());
        }

        var problem = Verdict.Of(server, row, context, seen, view);
        if (gap is null)
        {
            Assert.True(problem is null, $"{problem}\n{running.Log.Since(mark)}");
            if (row is { Outcome: Outcome.ServerRefuses, Client: ClientIdentityKind.None })
            {
                await running.Log.WaitAsync(mark, log => server.WordsWithoutCertificate.Any(words => (log + seen.Answer).Contains(words, StringComparison.Ordinal)), Deadline.Token());
            }

            return;
        }

        // What should be refused is, only for another reason.
        Assert.True(problem is not null || row.Outcome == Outcome.ServerRefuses, $"This is no gap any more: {gap.Words}");
        await running.Log.WaitAsync(mark, log => log.Contains(gap.Words, StringComparison.Ordinal), Deadline.Token());
    }
}
