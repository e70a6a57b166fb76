using System.Globalization;
using FlexTls.Upstreams;
using FlexTls.Watching;

namespace FlexTls.Reloading;

/// <summary>
/// What was read of each unit, and which units must be read again. A reading counts if all that it was made of is as it
/// has settled: what is read between two changes is thrown away. Not safe for several threads.
/// </summary>
internal sealed class UnitReadings
{
    private readonly Dictionary<PolicyUnit, UnitReading> _readings = [];

    // By path, or by what a configuration is called.
    private readonly Dictionary<string, string> _settled = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicyUnit, IReadOnlyCollection<string>> _awaited = [];
    private readonly HashSet<string> _unstable = new(StringComparer.Ordinal);
    private int _asked;

    public UnitReadings(IReadOnlyList<(PolicyUnit Unit, UnitReading Reading)> first)
    {
        foreach (var (unit, reading) in first)
        {
            _readings[unit] = reading;
        }

        Units = [.. _readings.Keys];
        Trust();
    }

    /// <summary>All units, in the order in which they were found.</summary>
    public IReadOnlyList<PolicyUnit> Units { get; private set; }

    /// <summary>Whether files were not found, and it has not settled that they are gone.</summary>
    public bool AwaitsMissing { get; private set; }

    /// <summary>How many units were read since the first load: that is the work of a change.</summary>
    public int ReadCount { get; private set; }

    /// <summary>The fingerprints of all that units are made of or wait for; for what must settle a text that none is, and that is another one each time.</summary>
    public IReadOnlyDictionary<string, string> Known => Units
        .SelectMany(unit => _readings.GetValueOrDefault(unit)?.Fingerprints.Keys.Concat(_awaited.GetValueOrDefault(unit, [])) ?? _awaited.GetValueOrDefault(unit, []))
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(key => key, key => _settled[key], StringComparer.Ordinal);

    /// <summary>The last reading of a unit that counts; <see langword="null"/>: there is none yet.</summary>
    public UnitReading? Of(PolicyUnit unit) => _readings.GetValueOrDefault(unit);

    /// <summary>What of a unit goes on changing; <see langword="null"/>: nothing.</summary>
    public string? StillChanging(PolicyUnit unit) => _unstable.FirstOrDefault(key => IsMadeOf(unit, key));

    /// <summary>Whether a unit must be read (again), because something of it has changed or may have.</summary>
    public bool IsAwaited(PolicyUnit unit) => _awaited.ContainsKey(unit);

    /// <summary>The units must be read again, to see whether they have changed.</summary>
    public void Await(IEnumerable<PolicyUnit> units)
    {
        foreach (var unit in units.Where(Units.Contains))
        {
            _awaited.TryAdd(unit, []);
        }
    }

    /// <summary>Something has settled, or goes on changing.</summary>
    public void Note(ChangeSet changes)
    {
        foreach (var (key, fingerprint) in changes.Settled)
        {
            _settled[key] = fingerprint;
        }

        _unstable.ExceptWith(changes.Settled.Keys);
        _unstable.UnionWith(changes.Unstable);
        foreach (var unit in Units.Where(unit => changes.Settled.Any(change => IsMadeOf(unit, change.Key) && Of(unit)?.Fingerprints.GetValueOrDefault(change.Key) != change.Value)))
        {
            _awaited.TryAdd(unit, []);
        }
    }

    /// <summary>Reads the units that must be read, but for those of which something is changing: they are waited for.</summary>
    /// <param name="found">The units that there are now.</param>
    /// <param name="stillSettling">What is changing, or may be.</param>
    public void ReadSettled(IReadOnlyList<PolicyUnit> found, IReadOnlySet<string> stillSettling)
    {
        // A file that is not there for a moment is not gone: that, too, must settle.
        var missing = Units.Except(found).Where(unit => unit.IsMissing && Of(unit) is not null && !HasSettled(unit.Read())).ToList();
        Replace([.. found, .. missing]);
        missing.ForEach(unit => _awaited.TryAdd(unit, []));
        AwaitsMissing = missing.Count > 0;
        foreach (var unit in _awaited.Keys.Where(unit => !stillSettling.Any(key => IsMadeOf(unit, key))).ToList())
        {
            var reading = Read(unit);
            if (HasSettled(reading))
            {
                Accept(unit, reading);
                continue;
            }

            _awaited[unit] = [.. reading.Fingerprints.Keys];
            foreach (var (key, _) in reading.Fingerprints.Where(file => _settled.GetValueOrDefault(file.Key) != file.Value))
            {
                MustSettle(key);
            }
        }

        _unstable.RemoveWhere(key => !Units.Any(unit => IsMadeOf(unit, key)));
    }

    /// <summary>Reads all units, and takes what they are made of for settled.</summary>
    /// <param name="found">The units that there are now.</param>
    public void ReadAll(IReadOnlyList<PolicyUnit> found)
    {
        Replace(found);
        AwaitsMissing = false;
        foreach (var unit in Units)
        {
            Accept(unit, Read(unit));
        }

        Trust();
    }

    /// <summary>Which units there are has changed. New ones must be read.</summary>
    private void Replace(IReadOnlyList<PolicyUnit> found)
    {
        Units = [.. found.Distinct()];
        foreach (var unit in _readings.Keys.Concat(_awaited.Keys).Except(Units).ToList())
        {
            _readings.Remove(unit);
            _awaited.Remove(unit);
        }

        foreach (var unit in Units.Where(unit => !_readings.ContainsKey(unit)))
        {
            _awaited.TryAdd(unit, []);
        }
    }

    private UnitReading Read(PolicyUnit unit)
    {
        ReadCount++;
        return unit.Read();
    }

    private void Accept(PolicyUnit unit, UnitReading reading)
    {
        _readings[unit] = _readings.TryGetValue(unit, out var earlier) ? reading.KeepingEqual(earlier) : reading;
        _awaited.Remove(unit);
    }

    private bool HasSettled(UnitReading reading) => reading.Fingerprints.All(file => _settled.GetValueOrDefault(file.Key) == file.Value);

    /// <summary>It must settle, on whatever it is. What was told once is told again because something else is known now.</summary>
    private void MustSettle(string key) => _settled[key] = string.Create(CultureInfo.InvariantCulture, $"?{++_asked}");

    private void Trust()
    {
        _settled.Clear();
        _unstable.Clear();
        var differing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, fingerprint) in _readings.Values.SelectMany(reading => reading.Fingerprints))
        {
            if (!_settled.TryAdd(key, fingerprint) && _settled[key] != fingerprint)
            {
                differing.Add(key);
            }
        }

        // Two units have read the same file, and it was changed between.
        foreach (var key in differing)
        {
            MustSettle(key);
        }
    }

    private bool IsMadeOf(PolicyUnit unit, string key) =>
        (_readings.TryGetValue(unit, out var reading) && reading.Fingerprints.ContainsKey(key))
        || (_awaited.TryGetValue(unit, out var awaited) && awaited.Contains(key));
}
