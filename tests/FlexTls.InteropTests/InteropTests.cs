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

    public static IEnumerable<TheoryDataRow<string, bool>> Resumptions =>
        from server in AllServers.All
        from isMutual in new[] { false, true }
        select new TheoryDataRow<string, bool>(server.Name, isMutual);

    [Theory]
    [MemberData(nameof(Resumptions))]
    public async Task EveryServer_ThatHasNegotiatedTls13_ResumesSessions_OrIsKnownNotTo(
        string serverName, bool isMutual)
    {
        var server = AllServers.All.Single(server => server.Name == serverName);
        InteropServers.Require(server);
        var running = await servers.GetAsync(server);
        var name = isMutual ? "TLS 1.3, client certificate required" : "TLS 1.3, EC certificate";
        var row = Rows.All.Single(row => row.Name == name) with
        {
            Version = null,
            Alpn = ["http/1.1"],
            Client = isMutual ? ClientIdentityKind.OfTheRoot : ClientIdentityKind.None,
        };
        var context = servers.Policies.Value.NewContext(row, server.TakesAlpn);
        var seen = new List<Observation>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add(await DirectConnection.ObserveAsync(
                context, running.Port(row.Port), server.SpeaksHttp, Deadline.Token()));
            Assert.Null(Verdict.Of(server, row, context, seen[i], view: null));
        }

        // Some send no ticket after a handshake that was resumed itself.
        Assert.False(seen[0].IsResumed);
        var least = isMutual ? ResumedSessions.All : ResumedSessions.WithoutClientCertificate;
        Assert.Equal(server.Resumes >= least, seen.Exists(one => one.IsResumed));
        if (server.SaysWhetherResumed)
        {
            Assert.All(seen, one => Assert.Equal(
                one.IsResumed, one.Answer.Contains("resumed=r", StringComparison.Ordinal)));
        }
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
        var problem = Verdict.Of(server, row, context, seen, view: null);
        if (problem is null && row.Outcome == Outcome.Connects && seen.Alpn != "h2")
        {
            problem = await CompareWithServerAsync(server, row, running, mark, context, seen, gap is null);
        }

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
    /// <summary>
    /// Compares our side with what the server says. Its log may still tell of the connection before, which we refused:
    /// what should agree is waited for.
    /// </summary>
    private static async Task<string?> CompareWithServerAsync(
        InteropServer server, Row row, RunningServer running, int mark, OutboundTlsContext context, Observation seen, bool shouldAgree)
    {
        string? problem = "The server says nothing of it.";
        try
        {
            await running.Log.WaitAsync(mark, IsEnough, Deadline.Token());
        }
        catch (InvalidOperationException)
        {
            // The problem says more than that there was nothing else in time.
        }

        return problem;

        bool IsEnough(string log)
        {
            if (server.View(seen.Answer, log) is not { } view)
            {
                return false;
            }

            problem = Verdict.Of(server, row, context, seen, view);
            return problem is null || !shouldAgree;
        }
    }
}
