using FlexTls.Support;
using Xunit;

namespace FlexTls.Redirects;

/// <summary>Redirects are followed as the platform's own handler follows them, to the byte: what servers see, and what the caller gets.</summary>
public class RedirectDifferentialTests(RedirectServers servers) : IClassFixture<RedirectServers>
{
    // By what a row of the page about them has in it.
    private static readonly Dictionary<string, Func<IEnumerable<RedirectCase>>> Kinds = new(StringComparer.Ordinal)
    {
        ["status codes"] = () => RedirectCases.Answers,
        ["`Location`"] = () => RedirectCases.Locations,
        ["`MaxAutomaticRedirections`"] = () => RedirectCases.Limits,
        ["headers"] = () => RedirectCases.Messages,
        ["credentials"] = () => RedirectCases.Authentications,
    };

    public static TheoryData<string, string> Groups =>
        new(Kinds.Keys.SelectMany(kind => (string[])["1.1", "2.0"], (kind, version) => (kind, version)));

    [Fact]
    public void ThePage_HasTheNumberOfCases()
    {
        var rows = RepositoryFiles.Read("docs/http.md").Split("| compared | cases |")[1].Split("\n\n")[0].Split('\n');

        Assert.All(Kinds, kind => Assert.EndsWith($"| {kind.Value().Count()} |", rows.Single(row => row.Contains(kind.Key, StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task AllThatIsSeen_IsWhatThePlatformsHandlerMakesOfIt(string kind, string version)
    {
        var differences = new List<string>();
        var count = 0;
        await using var untouched = RedirectOutcome.Clients(new RedirectCase("any"), servers);
        foreach (var tested in Kinds[kind]().Where(tested => !(tested.IsSynchronous && version == "2.0")))
        {
            await using var own = tested.HasSettings ? RedirectOutcome.Clients(tested, servers) : null;
            var clients = own ?? untouched;
            var expected = await RedirectOutcome.OfAsync(clients["stock"], tested, servers, version);
            var actual = await RedirectOutcome.OfAsync(clients["orders"], tested, servers, version);
            count++;
            if (expected != actual)
            {
                differences.Add($"stock {expected}{Environment.NewLine}ours {actual}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} cases of {kind} over HTTP/{version}");
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences.Prepend($"{differences.Count} of {count} differ.")));
    }
}
