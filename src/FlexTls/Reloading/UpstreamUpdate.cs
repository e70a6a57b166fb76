using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Upstreams;

namespace FlexTls.Reloading;

/// <summary>
/// Brings the upstreams to what was read. A fault holds back the upstreams that it belongs to; one of which it is not
/// known to whom it belongs holds back all that its unit ever had.
/// </summary>
internal sealed class UpstreamUpdate(UpstreamLoader loader, LoadedUpstreams loaded, PolicyGate gate)
{
    private readonly Dictionary<UpstreamName, PolicyUnit> _units = [];
    private int _added;

    /// <summary>How many generations were made: that is the work of a change.</summary>
    public int GenerationCount => _added + gate.GenerationCount;

    /// <summary>Judges what was read, before any of it is put in force.</summary>
    /// <param name="readings">What was read.</param>
    /// <param name="diagnostics">What was found already. Receives what is wrong with the readings.</param>
    /// <returns>The policies of Services.</returns>
    public RegisteredPolicies Judge(UnitReadings readings, DiagnosticList diagnostics)
    {
        var ofServices = readings.Units.Where(unit => unit is not ClientUnit && readings.Of(unit) is not null).ToList();
        var whole = RegisteredPolicies.Combine([.. ofServices.Select(unit => readings.Of(unit)!)], diagnostics);
        Own(ofServices, readings);
        diagnostics.AddRange(readings.Units.SelectMany(unit => StillChanging(unit, readings)));
        foreach (var unit in readings.Units.OfType<ClientUnit>())
        {
            diagnostics.AddRange(readings.Of(unit)!.Diagnostics);
        }

        return whole;
    }

    /// <summary>Puts in force what is good and new.</summary>
    /// <param name="whole">The policies of Services.</param>
    /// <param name="readings">What was read.</param>
    /// <param name="diagnostics">What was found already. Receives everything else.</param>
    /// <param name="moment">When reading began.</param>
    /// <returns>The upstreams that are held back.</returns>
    public IReadOnlyList<string> Apply(
        RegisteredPolicies whole, UnitReadings readings, DiagnosticList diagnostics, ReloadMoment moment)
    {
        gate.Begin();
        var pass = new Pass(readings, diagnostics, moment);
        foreach (var (name, upstream) in loaded.OfServices)
        {
            var unit = _units.GetValueOrDefault(name);
            IReadOnlyList<TlsPolicyDiagnostic> faults = [.. whole.Faulty[name], .. FaultsOf(unit, readings)];
            Update(upstream, unit, whole.Policies.GetValueOrDefault(name), faults, pass);
        }

        foreach (var (name, policy) in whole.Policies.Where(policy => !loaded.OfServices.ContainsKey(policy.Key) && FaultsOf(_units[policy.Key], readings).Count == 0).ToList())
        {
            Add(name, policy, diagnostics);
        }

        foreach (var unit in readings.Units.OfType<ClientUnit>())
        {
            var reading = readings.Of(unit)!;
            var faults = FaultsOf(unit, readings);
            loaded.Update(unit, upstream => Update(upstream, unit, reading.OfClient, faults, pass));
        }

        if (moment.IsConfirmed)
        {
            loaded.Confirm();
        }

        return pass.HeldBack;
    }

    /// <summary>Remembers where each upstream stands: when it is gone or unreadable, nobody else knows.</summary>
    private void Own(List<PolicyUnit> units, UnitReadings readings)
    {
        foreach (var unit in units)
        {
            foreach (var (name, _) in readings.Of(unit)!.Policies)
            {
                _units[name] = unit;
            }
        }
    }

    private static IReadOnlyList<TlsPolicyDiagnostic> FaultsOf(PolicyUnit? unit, UnitReadings readings)
    {
        if (unit is null)
        {
            return [];
        }

        return StillChanging(unit, readings) is { Count: > 0 } changing ? changing : readings.Of(unit)?.OtherFaults ?? [];
    }

    private static IReadOnlyList<TlsPolicyDiagnostic> StillChanging(PolicyUnit unit, UnitReadings readings) => readings.StillChanging(unit) is { } changing
        ? One(DiagnosticCodes.StillChanging, new Place("", changing), $"{Text.Quote(changing)} is still changing; write a new file and rename it.")
        : [];

    private void Update(
        Upstream upstream,
        PolicyUnit? unit,
        RegisteredPolicy? next,
        IReadOnlyList<TlsPolicyDiagnostic> faults,
        Pass pass)
    {
        if (faults.Count == 0 && next is null)
        {
            faults = One(DiagnosticCodes.PolicyGone, upstream.Source.Place, $"upstream '{upstream.Name}' has no policy any more; put it back, or restart the program to let the upstream go.");
            pass.Diagnostics.AddRange(faults);
        }

        if (faults.Count == 0 && next!.Policy.Equals(upstream.Source.Policy))
        {
            upstream.Heal(next.KeepingEqual(upstream.Source));
            return;
        }

        if (faults.Count == 0)
        {
            faults = gate.Replace(upstream, next!, unit!, !pass.Readings.IsAwaited(unit!), pass.Moment);
            pass.Diagnostics.AddRange(faults);
        }

        if (faults.Count > 0)
        {
            upstream.Degrade(faults);
            pass.HeldBack.Add(upstream.Name);
        }
    }

    private void Add(UpstreamName name, RegisteredPolicy policy, DiagnosticList diagnostics)
    {
        try
        {
            var upstream = loader.CreateAllowed(policy, name.ToString());
            loaded.Add(name, upstream);
            _added++;
            upstream.Log.InForce(upstream.Current.Number, policy.Source);
        }
        catch (TlsPolicyException e)
        {
            diagnostics.AddRange(e.Diagnostics);
        }
        catch (Exception e)
        {
            diagnostics.AddRange(gate.Failed(name.ToString(), policy, e));
        }
    }

    private static IReadOnlyList<TlsPolicyDiagnostic> One(string code, Place place, string message)
    {
        var diagnostics = new DiagnosticList();
        diagnostics.Error(code, place, message);
        return diagnostics.InFileOrder();
    }

    /// <summary>One run through all upstreams.</summary>
    private sealed record Pass(UnitReadings Readings, DiagnosticList Diagnostics, ReloadMoment Moment)
    {
        public List<string> HeldBack { get; } = [];
    }
}
