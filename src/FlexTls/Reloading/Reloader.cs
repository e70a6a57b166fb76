using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;
using FlexTls.Upstreams;
using FlexTls.Watching;
using FlexTls.Yaml;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Reloading;

/// <summary>Reads again what has changed, and brings the upstreams to it. One change after the other.</summary>
internal sealed class Reloader : IAsyncDisposable
{
    private const string Listing = "files of ";

    // Something of the user's, such as a log, may hang in a reading, and the services must still come to their end.
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly UpstreamLoader _loader;
    private readonly UnitReadings _readings;
    private readonly PolicyGate _gate;
    private readonly UpstreamUpdate _update;
    private readonly TimeProvider _clock;
    private readonly ReloadTimer _timer;
    private readonly ReloadLog _log;
    private readonly ChangeDetector? _detector;
    private readonly List<IDisposable> _tokens = [];
    private IReadOnlyList<TlsPolicyDiagnostic> _notFound = [];
    private volatile IReadOnlyList<TlsPolicyDiagnostic> _faults = [];
    private volatile bool _isDisposed;

    /// <param name="loader">Loaded everything for the first time.</param>
    /// <param name="loaded">What was loaded.</param>
    /// <param name="first">What was read for it.</param>
    /// <param name="sources">Whether changes are watched for.</param>
    /// <param name="clock">The clock of the watching.</param>
    /// <param name="logger">Logs the faults.</param>
    public Reloader(
        UpstreamLoader loader, LoadedUpstreams loaded, IReadOnlyList<(PolicyUnit Unit, UnitReading Reading)> first, OutboundTlsSources sources, TimeProvider clock, ILogger logger)
    {
        (_loader, _readings, _clock) = (loader, new UnitReadings(first), clock);
        _gate = new PolicyGate(loader, clock, sources.WeakeningDelay, logger);
        _update = new UpstreamUpdate(loader, loaded, _gate);
        _timer = new ReloadTimer(clock, logger, OnDueAsync);
        var known = new DiagnosticList();
        _update.Apply(_update.Judge(_readings, known), _readings, known, ReloadMoment.Of(clock));
        _log = new ReloadLog(logger, known.InFileOrder());
        if (sources.ReloadOnChange)
        {
            _detector = new ChangeDetector(clock, sources.PollInterval, logger, OnChangedAsync, _loader.Reads);

            // A file that came while everything was loaded was seen by nobody.
            var listings = Listings();
            var isAsLoaded = _loader.FindUnits(new DiagnosticList()).SequenceEqual(_readings.Units.Where(unit => unit is not ClientUnit));
            Watch(isAsLoaded ? listings : [.. listings.Select(listing => listing with { Known = "" })]);
            foreach (var unit in _readings.Units.OfType<ConfigurationUnit>())
            {
                _tokens.Add(ChangeToken.OnChange(unit.Section.GetReloadToken, () => _detector.Touch(unit.Key)));
            }
        }
    }

    /// <summary>The faults of the last reading, and of watching.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Faults => WatchFault is { } fault ? [.. _faults, fault] : _faults;

    /// <summary>Why changes go unnoticed; <see langword="null"/>: they do not.</summary>
    public TlsPolicyDiagnostic? WatchFault
    {
        get
        {
            if (_detector?.HangsSince is not { } since)
            {
                return null;
            }

            var diagnostics = new DiagnosticList();
            diagnostics.Error(DiagnosticCodes.WatchHangs, new Place("watching"),
                $"watching has made no progress since {since:u}: "
                + "a file system, a configuration provider or a log does not answer; "
                + "changes of policies go unnoticed until it does. Repair it, or restart the program.");
            return diagnostics.InFileOrder()[0];
        }
    }

    /// <summary>The work that was done since the first load.</summary>
    public (int UnitsRead, int GenerationsMade) Work => (_readings.ReadCount, _update.GenerationCount);

    /// <summary>Reads everything again, as it is now.</summary>
    /// <returns>Everything that was found, in file order.</returns>
    public async Task<IReadOnlyList<TlsPolicyDiagnostic>> ReloadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // Reading is synchronous, and the caller may be a thread that must not wait.
            return await Start(() => Reload(_readings.ReadAll, isConfirmed: true)).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _tokens.ForEach(token => token.Dispose());

        // What has begun is finished before the upstreams go, unless it hangs.
        await EndAsync().WaitAsync(EndPatience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync()
    {
        if (_detector is not null)
        {
            await _detector.DisposeAsync().ConfigureAwait(false);
        }

        await _turn.WaitAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        _turn.Release();
    }

    /// <summary>Of whoever asks, perhaps a request, what is put in force keeps nothing.</summary>
    private static Task<T> Start<T>(Func<T> work)
    {
        using var detached = Detached.Begin();
        return Task.Run(work);
    }

    private async Task OnChangedAsync(ChangeSet changes)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _readings.Note(changes);
            Reload(found => _readings.ReadSettled(found, changes.StillSettling));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A waiting change may be put in force.</summary>
    private async Task OnDueAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_isDisposed)
            {
                // Without watching, nothing is read unasked; what was read before takes effect when its wait is over.
                _ = _detector is null
                    ? PutInForce(ReloadMoment.Of(_clock))
                    : Reload(found => _readings.ReadSettled(found, new HashSet<string>()));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private IReadOnlyList<TlsPolicyDiagnostic> Reload(Action<IReadOnlyList<PolicyUnit>> read, bool isConfirmed = false)
    {
        var moment = ReloadMoment.Of(_clock, isConfirmed);
        var notFound = new DiagnosticList();

        // Before the files are looked for: what comes in between settles as a change.
        var listings = Listings();
        _readings.Await(_gate.DueUnits(moment));
        read([.. _loader.FindUnits(notFound), .. _readings.Units.OfType<ClientUnit>()]);
        _notFound = _readings.AwaitsMissing ? _notFound : notFound.InFileOrder();
        try
        {
            return PutInForce(moment);
        }
        finally
        {
            // Even after a failure: the next change is compared with this reading.
            Watch(listings);
        }
    }

    private IReadOnlyList<TlsPolicyDiagnostic> PutInForce(ReloadMoment moment)
    {
        var diagnostics = new DiagnosticList();
        diagnostics.AddRange(_notFound);
        var whole = _update.Judge(_readings, diagnostics);

        // Before anything is put in force: whoever sees the new generation must not see faults that it mends.
        _faults = Errors(diagnostics);
        var heldBack = _update.Apply(whole, _readings, diagnostics, moment);
        _timer.Set(_gate.Due, moment.Timestamp);
        _faults = Errors(diagnostics);
        IReadOnlyList<TlsPolicyDiagnostic> found = Found(diagnostics);
        _log.Found(found, heldBack);
        return found;
    }

    private static IReadOnlyList<TlsPolicyDiagnostic> Found(DiagnosticList diagnostics) =>
        [.. diagnostics.InFileOrder().Distinct()];

    private static IReadOnlyList<TlsPolicyDiagnostic> Errors(DiagnosticList diagnostics) =>
        [.. Found(diagnostics).Where(diagnostic => diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error)];

    private IReadOnlyList<WatchedItem> Listings() => [.. _loader.Patterns().Select(ListingOf)];

    private void Watch(IReadOnlyList<WatchedItem> listings)
    {
        var configurations = _readings.Units.OfType<ConfigurationUnit>().ToDictionary(unit => unit.Key, StringComparer.Ordinal);
        _detector?.Watch(
        [
            .. listings,
            .. _readings.Known.Select(known => configurations.TryGetValue(known.Key, out var unit)
                ? new WatchedItem(known.Key, null, unit.Fingerprint, known.Value)
                : FileOf(known.Key, known.Value)),
        ]);

        WatchedItem FileOf(string path, string known) => new(
            path,
            new WatchedPath(path, WatchedScope.File),
            () => FileContent.Read(path, reads: _loader.Reads).Fingerprint,
            known);
    }

    /// <summary>Which files a pattern stands for.</summary>
    private WatchedItem ListingOf(string pattern)
    {
        var path = PolicyFileFinder.ListingOf(pattern, _loader.Reads) is var (folder, isTree)
            ? new WatchedPath(folder, isTree ? WatchedScope.Tree : WatchedScope.Folder)
            : new WatchedPath(pattern, WatchedScope.File);
        return new WatchedItem(Listing + pattern, path, Names, Names());

        // That a folder cannot be listed, and why, is a change like any other: it is reported, and that it is over too.
        string Names()
        {
            var faults = new DiagnosticList();
            var files = PolicyFileFinder.Find([pattern], faults, _loader.Reads, _loader.Known).Select(file => file.Path);
            return string.Join('\n', [.. files, .. faults.InFileOrder().Select(fault => $"!{fault.Message}")]);
        }
    }
}
