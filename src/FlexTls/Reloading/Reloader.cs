using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>Reads what has changed, and reconciles the upstreams with it. One change after another.</summary>
internal sealed class Reloader : IAsyncDisposable
{
    // User code, such as a log, may hang during a reading, and the services must still shut down.
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SourceReadings _readings;
    private readonly SourceReader _reader;
    private readonly PolicySources _sources;
    private readonly UpstreamReconciler _reconciler;
    private readonly PolicyGate _gate;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TlsInstruments _instruments;
    private readonly ReloadTimer _timer;
    private readonly ReloadLog _log;
    private readonly List<IDisposable> _tokens = [];
    private ChangeDetector? _detector;
    private CancellationTokenSource _changed = new();
    private int _inForceTold;
    private volatile IReadOnlyList<TlsPolicyDiagnostic> _faults = [];
    private volatile bool _isDisposed;

    /// <param name="sources">Finds the sources.</param>
    /// <param name="reconciler">Makes the upstreams match them.</param>
    /// <param name="gate">Makes changes wait.</param>
    /// <param name="clock">The clock of the watching.</param>
    /// <param name="logger">Logs the faults.</param>
    /// <param name="instruments">Receives the measurements of reloads.</param>
    public Reloader(
        PolicySources sources, UpstreamReconciler reconciler, PolicyGate gate, TimeProvider clock, ILogger logger,
        TlsInstruments instruments)
    {
        (_sources, _reconciler, _gate, _clock, _logger) = (sources, reconciler, gate, clock, logger);
        _instruments = instruments;
        _timer = new ReloadTimer(clock, logger, OnDueAsync);
        _log = new ReloadLog(logger);
        _readings = new SourceReadings((source, e) => ReloadLog.ReadingFailed(logger, source, e));
        _reader = new SourceReader(sources, _readings);
    }

    /// <summary>The faults of the last reading, and of watching.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Faults => WatchFault is { } fault ? [.. _faults, fault] : _faults;

    /// <summary>Why changes go unnoticed; <see langword="null"/>: they do not.</summary>
    private TlsPolicyDiagnostic? WatchFault => _detector?.HangsSince is not { } since ? null
        : DiagnosticList.OneError(DiagnosticCodes.WatchHangs, new Place("watching"),
            $"watching has made no progress since {since:u}: "
            + "a file system, a configuration provider, a log or other code of the program does not answer; "
            + "changes to policies go unnoticed until it does. Repair it, or restart the program.");

    /// <summary>How many sources were read, and how many generations made.</summary>
    public (int SourcesRead, int GenerationsMade) Work => (_readings.ReadCount, _reconciler.GenerationCount);

    /// <summary>
    /// Fires when a policy has come into force; in the background, because the callbacks are the user's.
    /// </summary>
    public IChangeToken ReloadToken => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    /// <summary>Reads everything for the first time.</summary>
    /// <exception cref="TlsPolicyException">Something cannot be used.</exception>
    public void Load()
    {
        var moment = ReloadMoment.Of(_clock) with { IsFirst = true };
        using var measured = new MeasuredReload(_instruments);
        var unstable = _reader.ReadFirst();
        Reconcile(moment, measured, unstable);
    }

    /// <summary>Begins to watch for changes.</summary>
    /// <param name="pollInterval">How often everything is read.</param>
    public void Watch(TimeSpan pollInterval)
    {
        _detector = new ChangeDetector(
            _clock, pollInterval, _logger, OnChangedAsync, _sources.Reads, polling: _sources.MarkDue);
        WatchItems();
        _sources.Changed = _detector.Touch;
        foreach (var source in _readings.Sources.OfType<ConfigurationSource>())
        {
            try
            {
                _tokens.Add(ChangeToken.OnChange(source.Section.GetReloadToken, () => _detector.Touch(source.Item)));
            }
            catch (Exception e)
            {
                // A provider of the configuration failed. The poll finds its changes.
                WatchingLog.StepFailed(_logger, e);
            }
        }
    }

    /// <summary>Reads everything again, as it is now.</summary>
    /// <returns>All findings, in file order.</returns>
    public async Task<IReadOnlyList<TlsPolicyDiagnostic>> ReloadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // Reading is synchronous, and the calling thread may be one that must not wait.
            return await Start(() =>
            {
                _sources.Forget();
                return Reload(found => _readings.ReadAll(found, isAnew: true), isConfirmed: true);
            }).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;

        // Work under way finishes before the upstreams end, unless it hangs.
        await EndAsync().WaitAsync(EndPatience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync()
    {
        // The configuration's providers may hang or throw.
        await Task.Run(() => _tokens.ForEach(token => token.Dispose()))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sources.End();
        if (_detector is not null)
        {
            await _detector.DisposeAsync().ConfigureAwait(false);
        }

        await _turn.WaitAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        _turn.Release();
    }

    /// <summary>Keeps the caller's execution context, perhaps a request's, out of what is put in force.</summary>
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

    /// <summary>Runs when a waiting change may take effect.</summary>
    private async Task OnDueAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            // Only the watching knows what is changing at the moment. Without it, nothing is read unasked; the last
            // reading takes effect when its wait is over.
            if (_detector is { } detector)
            {
                detector.Ask();
            }
            else if (!_isDisposed)
            {
                using var measured = new MeasuredReload(_instruments);
                Reconcile(ReloadMoment.Of(_clock), measured);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private IReadOnlyList<TlsPolicyDiagnostic> Reload(
        Action<IReadOnlyList<PolicySource>> read, bool isConfirmed = false)
    {
        var moment = ReloadMoment.Of(_clock, isConfirmed);
        using var measured = new MeasuredReload(_instruments);
        _readings.Await(_gate.DueSources(moment));
        _reader.Read(read, isConfirmed);
        try
        {
            return Reconcile(moment, measured);
        }
        catch (Exception)
        {
            // No later change may cause another try.
            _timer.SetRetry();
            throw;
        }
        finally
        {
            // Even after a failure: the next change is compared with this reading.
            WatchItems();
        }
    }

    private IReadOnlyList<TlsPolicyDiagnostic> Reconcile(
        ReloadMoment moment, MeasuredReload measured, IReadOnlyList<TlsPolicyDiagnostic>? more = null)
    {
        var diagnostics = new DiagnosticList();
        diagnostics.AddRange([.. _reader.NotFound, .. more ?? []]);
        var desired = _reconciler.Judge(_readings, diagnostics, moment);

        // Before anything is put in force: whoever sees the new generation must not see faults that it repairs.
        _faults = Errors(diagnostics);
        var heldBack = _reconciler.Apply(desired, _readings, diagnostics, moment);
        _timer.Set(_gate.Due, moment.Timestamp);
        _faults = Errors(diagnostics);
        measured.End(_reconciler.InForceCount - _inForceTold, _faults);
        if (_reconciler.InForceCount != _inForceTold)
        {
            _inForceTold = _reconciler.InForceCount;
            Interlocked.Exchange(ref _changed, new CancellationTokenSource()).CancelInBackground();
        }

        IReadOnlyList<TlsPolicyDiagnostic> found = [.. diagnostics.InFileOrder().Distinct()];
        if (moment.IsFirst && _faults.Count > 0)
        {
            throw new TlsPolicyException(found);
        }

        _log.Found(found, heldBack);
        return found;
    }

    private static IReadOnlyList<TlsPolicyDiagnostic> Errors(DiagnosticList list) =>
        [.. list.InFileOrder().Distinct().Where(one => one.Severity == TlsPolicyDiagnosticSeverity.Error)];

    private void WatchItems()
    {
        var items = _reader.Items; // Without watching too: it lets go of what no source refers to any more.
        _detector?.Watch(items);
    }
}
