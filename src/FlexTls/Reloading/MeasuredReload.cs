using System.Diagnostics;

namespace FlexTls;

/// <summary>One reading of the policies: an activity, which is the root of a trace, and a measurement.</summary>
internal sealed class MeasuredReload : IDisposable
{
    private const string Failed = "failed";

    private readonly TlsInstruments _instruments;
    private readonly Activity? _outer = Activity.Current;
    private readonly Activity? _activity;

    /// <summary>How it ends, unless <see cref="End"/> is called.</summary>
    private string _outcome = Failed;

    public MeasuredReload(TlsInstruments instruments)
    {
        // The first reading may be that of a request.
        Activity.Current = null;
        (_instruments, _activity) = (instruments, TlsInstruments.Start("policy reload", ActivityKind.Internal));
    }

    /// <summary>Records its result.</summary>
    /// <param name="inForce">How many generations have come into force.</param>
    /// <param name="faults">The faults that were found.</param>
    public void End(int inForce, IReadOnlyList<TlsPolicyDiagnostic> faults)
    {
        _outcome = faults.Count > 0 ? Failed : inForce > 0 ? "changed" : "unchanged";
        _activity?.SetTag("flextls.reload.in_force", inForce);
        if (faults.Count > 0)
        {
            _activity?.SetTag(TelemetryTags.ErrorType, faults[0].Code);
            _activity?.SetStatus(ActivityStatusCode.Error, faults[0].ToString());
        }
    }

    public void Dispose()
    {
        _instruments.Reloaded(_outcome);
        if (_activity is { Status: ActivityStatusCode.Unset } && _outcome == Failed)
        {
            _activity.SetStatus(ActivityStatusCode.Error);
        }

        _activity?.SetTag(TelemetryTags.Outcome, _outcome);
        TlsInstruments.Stop(_activity);
        Activity.Current = _outer;
    }
}
