namespace FlexTls;

/// <summary>The upstreams that know why the requests of one client or handler are refused.</summary>
/// <param name="name">The name that the upstreams know it by; <see langword="null"/>: it is only asked about.</param>
internal sealed class Refusals(string? name)
{
    private readonly HashSet<Upstream> _noted = [];

    /// <summary>Records why the requests are refused that an upstream would have.</summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="faults">The reasons; empty: they are not refused.</param>
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

    /// <summary>Takes back what was recorded: the client or handler is gone.</summary>
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
