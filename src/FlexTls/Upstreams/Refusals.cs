namespace FlexTls;

/// <summary>Reports to upstreams why the requests of one client or handler are refused.</summary>
/// <param name="name">The name under which it reports; <see langword="null"/>: it reports nothing.</param>
internal sealed class Refusals(string? name)
{
    private readonly HashSet<Upstream> _noted = [];

    /// <summary>Reports to an upstream why requests that would go to it are refused.</summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="faults">The reasons; empty: the requests are not refused.</param>
    public void Note(Upstream upstream, IReadOnlyList<TlsPolicyDiagnostic> faults)
    {
        if (name is null)
        {
            return;
        }

        lock (_noted)
        {
            upstream.RefusedClients.Note(name, faults);
            if (faults.Count > 0)
            {
                _noted.Add(upstream);
            }
            else
            {
                _noted.Remove(upstream);
            }
        }
    }

    /// <summary>Withdraws all reports: the client or handler is gone.</summary>
    public void Forget()
    {
        lock (_noted)
        {
            foreach (var upstream in _noted)
            {
                upstream.RefusedClients.Note(name!, []);
            }

            _noted.Clear();
        }
    }
}
