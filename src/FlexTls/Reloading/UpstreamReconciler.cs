using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Upstreams;

namespace FlexTls.Reloading;

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
    // The source of each upstream's policy: once the policy is gone or unreadable, nothing else knows it.
    private readonly Dictionary<UpstreamKey, PolicySource> _owners = [];
    private int _added;

    /// <summary>How many generations have been made: the work that changes cause.</summary>
    public int GenerationCount => _added + gate.GenerationCount;

    /// <summary>Judges the readings, before any of them takes effect.</summary>
    /// <param name="readings">The readings.</param>
    /// <param name="diagnostics">Receives their faults.</param>
    /// <param name="moment">When reading began.</param>
    public DesiredUpstreams Judge(SourceReadings readings, DiagnosticList diagnostics, ReloadMoment moment)
    {
        var sources = readings.Sources.Where(source => readings.Of(source) is not null).ToList();
        var desired = DesiredUpstreams.Combine([.. sources.Select(source => readings.Of(source)!)], diagnostics);
        FindOwners(sources, readings);

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
            UpdateAlone(_owners.ContainsKey(key) ? key : UpstreamKey.AllClients, upstream, pass);
        }

        List<UpstreamKey> added =
        [
            .. desired.Policies.Keys.Where(key => table.Find(key) is null
                && (moment.IsFirst || FaultsOf(key, readings).Count == 0)),
        ];
        added.ForEach(key => Add(key, desired.Policies[key], pass));
        if (moment.IsFirst && !diagnostics.HasErrors)
        {
            clients.Bind(diagnostics);
        }
        else if (added.Count > 0)
        {
            clients.BindWaiting();
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
        if (!pass.IsComplete && !IsRead(_owners.GetValueOrDefault(key), key, pass.Readings))
        {
            // Until all sources are read, nobody knows whether its policy is gone, or where it is now.
            if (pass.Unstable is { Count: > 0 } unstable)
            {
                upstream.Degrade(unstable, pass.Moment.Now);
                pass.HeldBack.Add(upstream.Name);
            }

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
            var source = _owners[key];
            faults = gate.Replace(upstream, next!, source, !pass.Readings.IsAwaited(source), pass.Moment);
            pass.Diagnostics.AddRange(faults);
        }

        if (faults.Count > 0)
        {
            upstream.Degrade(faults, pass.Moment.Now);
            pass.HeldBack.Add(upstream.Name);
        }
    }

    private void Add(UpstreamKey key, RegisteredPolicy policy, Pass pass)
    {
        try
        {
            dangerous.Check(policy);
            var upstream = factory.Create(policy, key.ToString());
            table.Add(key, upstream);
            _added++;
            if (!pass.Moment.IsFirst)
            {
                upstream.Log.InForce(upstream.Current.Number, policy.Source);
            }
        }
        catch (TlsPolicyException e)
        {
            pass.Diagnostics.AddRange(e.Diagnostics);
        }
        catch (Exception e)
        {
            pass.Diagnostics.AddRange(gate.Failed(key.ToString(), policy, e));
        }
    }

    /// <summary>
    /// Finds the source of each upstream. It stays the same until it is gone, or was read without the upstream: another
    /// source that has the upstream too does not take it over.
    /// </summary>
    private void FindOwners(List<PolicySource> sources, SourceReadings readings)
    {
        var present = readings.Sources.ToHashSet();
        foreach (var (key, owner) in _owners.Where(owned => !present.Contains(owned.Value)).ToList())
        {
            if (present.FirstOrDefault(owner.HasContentOf) is { } same)
            {
                _owners[key] = same;
            }
        }

        // A source that was not read yet may be what the owner has become, such as a file of another name.
        var mayPass = sources.Count == present.Count;
        foreach (var source in sources)
        {
            foreach (var (key, _) in readings.Of(source)!.Policies)
            {
                if (_owners.GetValueOrDefault(key) is not { } owner
                    || (owner != source && mayPass && !(present.Contains(owner) && MayHave(key, readings.Of(owner)))))
                {
                    _owners[key] = source;
                }
            }
        }
    }

    /// <summary>Whether an upstream's own source was read, and still has it or is at fault.</summary>
    private static bool IsRead(PolicySource? owner, UpstreamKey key, SourceReadings readings) =>
        owner is not null && readings.Of(owner) is { } reading && MayHave(key, reading);

    /// <summary>Whether a source has an upstream, or nobody knows what it would say now.</summary>
    private static bool MayHave(UpstreamKey key, SourceReading? reading) =>
        reading is null or { OtherFaults.Count: > 0 } || reading.Faulty.Contains(key)
        || reading.Policies.Any(policy => policy.Key == key);

    /// <summary>The faults of an upstream's source as a whole.</summary>
    private IReadOnlyList<TlsPolicyDiagnostic> FaultsOf(UpstreamKey key, SourceReadings readings) =>
        _owners.GetValueOrDefault(key) is not { } source ? []
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

        /// <summary>Whether all present sources were read.</summary>
        public bool IsComplete { get; } = Readings.Sources.All(source => Readings.Of(source) is not null);

        /// <summary>The faults of sources that could not be read because they keep changing.</summary>
        public IReadOnlyList<TlsPolicyDiagnostic> Unstable =>
            [.. Readings.Sources.Where(source => Readings.Of(source) is null)
                .SelectMany(source => StillChanging(source, Readings))];
    }
}
