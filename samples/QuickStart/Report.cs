using FlexTls;

namespace QuickStart;

/// <summary>Prints what happens, and in the end what differs from what was announced.</summary>
internal sealed class Report(IReadOnlyList<Upstream> upstreams)
{
    private readonly Dictionary<string, Outcome> _outcomes = [];
    private readonly Dictionary<string, Outcome> _failures = [];
    private readonly List<TlsHandshakeException> _refusals = [];
    private IReadOnlyList<string> _faults = [];

    public void Announce()
    {
        Page.Heading($"{upstreams.Count} upstreams on this machine, each with a policy of its own");
        Page.Table([["upstream", "what it is like", "what must come of it"], .. upstreams.Select(u => new[] { u.Name, u.Description, $"{u.Announced}" })]);
    }

    public void Refused(string upstream, TlsHandshakeException refusal)
    {
        _failures[upstream] = Outcome.Refused(refusal.Code);
        _refusals.Add(refusal);
    }

    public void Failed(string upstream, Exception exception) => _failures[upstream] = Outcome.Failed(exception.Message);

    /// <param name="requestsTo">The requests that an upstream's server answered.</param>
    public void Results(Func<string, IReadOnlyCollection<Outcome>> requestsTo)
    {
        foreach (var upstream in upstreams)
        {
            _outcomes[upstream.Name] = Outcome.Of(_failures.GetValueOrDefault(upstream.Name), requestsTo(upstream.Name));
        }

        Page.Heading("The requests, as the servers recorded them");
        Page.Table([["upstream", "version", "cipher suite", "ALPN", "HTTP", "client cert", "verdict"], .. upstreams.Select(Row)]);

        Page.Heading("The refusals, and what would mend them");
        Page.Table([.. _refusals.SelectMany(Reasons)]);
    }

    public void Faults(string text, TlsPolicyException exception)
    {
        Page.Heading("A policy file with faults");
        foreach (var (index, line) in text.Split('\n').Index())
        {
            Page.Line($"{index + 1,2} | {line}");
        }

        Page.Heading("What is wrong with it");
        Page.Diagnostics(exception.Diagnostics);
        _faults = [.. exception.Diagnostics.Select(diagnostic => diagnostic.Code)];
    }

    /// <summary>The exit code: 0 if all came out as announced.</summary>
    public int Conclusion()
    {
        var differences = Differences().ToList();
        Page.Heading(differences.Count == 0 ? "Everything came out as announced." : "NOT everything came out as announced:");
        differences.ForEach(Page.Paragraph);
        return differences.Count == 0 ? 0 : 1;
    }

    private IEnumerable<string> Differences()
    {
        foreach (var upstream in upstreams.Where(upstream => OutcomeOf(upstream) != upstream.Announced))
        {
            yield return $"{upstream.Name}: announced \"{upstream.Announced}\", came out \"{OutcomeOf(upstream)}\"";
        }

        if (!_faults.SequenceEqual(BrokenPolicy.Announced))
        {
            yield return $"broken.yaml: announced {string.Join(", ", BrokenPolicy.Announced)}, came out {string.Join(", ", _faults)}";
        }
    }

    private Outcome OutcomeOf(Upstream upstream) => _outcomes.GetValueOrDefault(upstream.Name, Outcome.NotTried);

    private string[] Row(Upstream upstream)
    {
        var outcome = OutcomeOf(upstream);
        return [upstream.Name, outcome.Version, outcome.CipherSuite, outcome.Alpn, outcome.Http, outcome.ClientCertificate, outcome.Verdict];
    }

    private static IEnumerable<string[]> Reasons(TlsHandshakeException refusal)
    {
        if (refusal.ServerCertificate is not { IsValid: false } certificate)
        {
            return [[refusal.Upstream!, refusal.Code, refusal.Message]];
        }

        return certificate.Failures.SelectMany(failure => new string[][]
        {
            [refusal.Upstream!, failure.Code, failure.Message],
            ["", "wanted", failure.Expected ?? "-"],
            ["", "presented", failure.Presented ?? "-"],
        });
    }
}
