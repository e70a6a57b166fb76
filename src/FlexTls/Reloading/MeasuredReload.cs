using System.Diagnostics;

namespace FlexTls;

/// <summary>One reading of the policies: an activity, which is the root of a trace, and a measurement.</summary>
internal sealed class MeasuredReload(TlsInstruments instruments) : IDisposable
{
    private readonly Activity? _activity = TlsInstruments.Activities.StartActivity("policy reload");

    /// <summary>How it ends, unless <see cref="End"/> is called.</summary>
    private string _outcome = "failed";

    /// <summary>Records its result.</summary>
    /// <param name="inForce">How many generations have come into force.</param>
    /// <param name="faults">The faults that were found.</param>
    public void End(int inForce, IReadOnlyList<TlsPolicyDiagnostic> faults)
    {
        _outcome = faults.Count > 0 ? "failed" : inForce > 0 ? "changed" : "unchanged";
        _activity?.SetTag("flextls.reload.in_force", inForce);
        if (faults.Count > 0)
        {
            _activity?.SetTag(TelemetryTags.ErrorType, faults[0].Code);
            _activity?.SetStatus(ActivityStatusCode.Error, faults[0].ToString());
        }
    }

    public void Dispose()
    {
        instruments.Reloaded(_outcome);
        _activity?.SetTag(TelemetryTags.Outcome, _outcome).Dispose();
    }
}
