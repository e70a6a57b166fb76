namespace FlexTls;

/// <summary>
/// Makes the running upstreams match the sources. A fault holds back the upstreams that it belongs to; a fault of a
/// source as a whole holds back all upstreams that the source ever had.
/// </summary>
internal sealed class UpstreamReconciler(
    UpstreamTable table,
    ClientUpstreams clients,
    UpstreamFactory factory,
    DangerousPolicies dangerous,
    PolicyGate gate)
{
    private readonly UpstreamOwners _owners = new(table);
    private int _added;

    /// <summary>How many generations have been made: the work that changes cause.</summary>
    public int GenerationCount => _added + gate.GenerationCount;

    /// <summary>How many generations have come into force.</summary>
    public int InForceCount => _added + gate.InForceCount;

    /// <summary>Judges the readings, before any of them takes effect.</summary>
    /// <param name="readings">The readings.</param>
    /// <param name="diagnostics">Receives their faults.</param>
    /// <param name="moment">When reading began.</param>
    public DesiredUpstreams Judge(SourceReadings readings, DiagnosticList diagnostics, ReloadMoment moment)
    {
        var sources = readings.Sources.Where(source => readings.Of(source) is not null).ToList();
        var desired = DesiredUpstreams.Combine([.. sources.Select(source => readings.Of(source)!)], diagnostics);
        _owners.Find(sources, readings);

        diagnostics.AddRange(readings.Sources.SelectMany(source => StillChanging(source, readings)));
        if (moment.IsFirst)
        {
            clients.FindBindings(
                desired, sources.Where(source => readings.Of(source)!.Policies.Count == 0), diagnostics);
            dangerous.CheckClients(diagnostics);
        }

        return desired;
    }

    /// <summary>Puts the good new policies in force.</summary>
    /// <param name="desired">The upstreams that the sources ask for.</param>
    /// <param name="readings">The readings of the sources.</param>
    /// <param name="diagnostics">Receives the reasons why policies cannot be put in force.</param>
    /// <param name="moment">When reading began.</param>
    /// <returns>The upstreams that are held back.</returns>
    public IReadOnlyList<string> Apply(
        DesiredUpstreams desired, SourceReadings readings, DiagnosticList diagnostics, ReloadMoment moment)
    {
        gate.Begin();
        var pass = new Pass(desired, readings, diagnostics, moment);
        foreach (var (key, upstream) in table.Patterns)
        {
            UpdateAlone(key, upstream, pass);
        }

        // Afterwards: a client that is made meanwhile is made after the new pattern, or is among these.
        foreach (var (key, upstream) in table.Clients.Where(client => !client.Upstream.IsGatewayDefault))
        {
            UpdateAlone(_owners.Of(key) is not null ? key : UpstreamKey.AllClients, upstream, pass);
        }

        var added = new List<(UpstreamKey Key, Upstream Upstream)>();
        foreach (var (key, policy) in desired.Policies)
        {
            var isNew = table.Find(key) is null
                && (moment.IsFirst || (_owners.Of(key) is not null && FaultsOf(key, readings).Count == 0));
            if (isNew && Create(key, policy, pass) is { } upstream)
            {
                added.Add((key, upstream));
            }
        }

        table.Add(added);
        _added += added.Count;
        if (moment.IsFirst && !diagnostics.HasErrors)
        {
            clients.Bind(diagnostics);
            Announce(added);
        }
        else if (!moment.IsFirst && added.Count > 0)
        {
            clients.BindWaiting();
            Announce(added);
        }

        if (moment.IsConfirmed)
        {
            foreach (var (_, upstream) in table.All)
            {
                upstream.Confirm();
            }
        }

        return pass.HeldBack;
    }

    private void Announce(List<(UpstreamKey Key, Upstream Upstream)> added)
    {
        var users = clients.Users;
        foreach (var (key, upstream) in added)
        {
            upstream.Log.Users = [.. users[key]];
            upstream.Log.InForce(
                upstream.Current.Number, upstream.Current.Context, upstream.Source.Source, upstream.Users);
        }
    }

    /// <summary>Confines a failure, such as that of a user's clock, to one upstream.</summary>
    private void UpdateAlone(UpstreamKey key, Upstream upstream, Pass pass)
    {
        try
        {
            Update(key, upstream, pass);
        }
        catch (Exception e)
        {
            var faults = gate.Failed(upstream.Name, upstream.Source, e);
            pass.Diagnostics.AddRange(faults);
            upstream.Degrade(faults, pass.Moment.Now);
            pass.HeldBack.Add(upstream.Name);
        }
    }

    private void Update(UpstreamKey key, Upstream upstream, Pass pass)
    {
        var next = pass.Desired.Policies.GetValueOrDefault(key);
        var isOpen = !_owners.HasRead(key, pass.Readings);
        if ((isOpen && _owners.Waits(key))
            || (next is not null && (isOpen ? !_owners.MayPass(key, pass.Readings) : _owners.IsContested(key))))
        {
            Hold(upstream, pass);
            return;
        }

        IReadOnlyList<TlsPolicyDiagnostic> faults = [.. pass.Desired.Faulty[key], .. FaultsOf(key, pass.Readings)];
        if (faults.Count == 0 && next is null)
        {
            faults = [DiagnosticList.OneError(DiagnosticCodes.PolicyGone, upstream.Source.Place,
                $"upstream '{upstream.Name}' no longer has a policy; put it back, "
                + "or restart the program to let the upstream go.")];
            pass.Diagnostics.AddRange(faults);
        }

        if (faults.Count == 0 && next!.Policy.Equals(upstream.Source.Policy))
        {
            upstream.Heal(next.KeepingEqual(upstream.Source));
            return;
        }

        if (faults.Count == 0)
        {
            var source = _owners.Of(key)!;
            faults = gate.Replace(upstream, next!, source, !pass.Readings.IsAwaited(source), pass.Moment);
            pass.Diagnostics.AddRange(faults);
        }

        if (faults.Count > 0)
        {
            upstream.Degrade(faults, pass.Moment.Now);
            pass.HeldBack.Add(upstream.Name);
        }
    }

    /// <summary>
    /// Nobody knows whether its policy is gone, or where it is now: what was found before still counts.
    /// </summary>
    private static void Hold(Upstream upstream, Pass pass)
    {
        var faults = pass.Obstacles is { Count: > 0 } obstacles ? obstacles : upstream.State.Degradation?.Faults ?? [];
        if (faults.Count > 0)
        {
            pass.Diagnostics.AddRange(faults);
            upstream.Degrade(faults, pass.Moment.Now);
            pass.HeldBack.Add(upstream.Name);
        }
    }

    private Upstream? Create(UpstreamKey key, RegisteredPolicy policy, Pass pass)
    {
        try
        {
            dangerous.Check(policy);
            return factory.Create(policy, key.ToString());
        }
        catch (TlsPolicyException e)
        {
            pass.Diagnostics.AddRange(e.Diagnostics);
        }
        catch (Exception e)
        {
            pass.Diagnostics.AddRange(gate.Failed(key.ToString(), policy, e));
        }

        return null;
    }

    /// <summary>The faults of an upstream's source as a whole.</summary>
    private IReadOnlyList<TlsPolicyDiagnostic> FaultsOf(UpstreamKey key, SourceReadings readings) =>
        _owners.Of(key) is not { } source ? []
            : StillChanging(source, readings) is { Count: > 0 } changing ? changing
            : readings.Of(source)?.OtherFaults ?? [];

    private static IReadOnlyList<TlsPolicyDiagnostic> StillChanging(PolicySource source, SourceReadings readings) =>
        readings.StillChanging(source) is { } changing
            ? [DiagnosticList.OneError(
                DiagnosticCodes.StillChanging, new Place("", Path.IsPathRooted(changing) ? changing : null),
                $"{(changing == source.Item ? source.Shown : Text.Quote(changing))} keeps changing; its last settled "
                + "content counts"
                + $"{(Path.IsPathRooted(changing) ? ". Write a new file and rename it." : ".")}")]
            : [];

    /// <summary>One pass over all upstreams.</summary>
    private sealed record Pass(
        DesiredUpstreams Desired, SourceReadings Readings, DiagnosticList Diagnostics, ReloadMoment Moment)
    {
        public List<string> HeldBack { get; } = [];

        /// <summary>
        /// Why an upstream that its source no longer has cannot pass to another, apart from what will settle soon.
        /// </summary>
        public IReadOnlyList<TlsPolicyDiagnostic> Obstacles =>
            [.. Readings.Sources.SelectMany(
                source => StillChanging(source, Readings).Concat(Readings.Of(source)?.OtherFaults ?? []))];
    }
}
