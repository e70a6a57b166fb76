using FlexTls.Upstreams;
using Microsoft.Extensions.Logging;

namespace FlexTls.Reloading;

/// <summary>What is told of changes, each time that something is new.</summary>
/// <param name="logger">Where.</param>
/// <param name="first">What was found, and told, at the first load.</param>
internal sealed partial class ReloadLog(ILogger logger, IEnumerable<TlsPolicyDiagnostic> first)
{
    private HashSet<TlsPolicyDiagnostic> _known = [.. first];
    private string _faults = "";

    /// <summary>Everything that is found now: what was found before is not told again.</summary>
    /// <param name="found">The findings.</param>
    /// <param name="heldBack">The upstreams that keep what they had.</param>
    public void Found(IReadOnlyList<TlsPolicyDiagnostic> found, IReadOnlyList<string> heldBack)
    {
        RegistrationLog.Loaded(logger, found.Where(diagnostic => diagnostic.Severity != TlsPolicyDiagnosticSeverity.Error && !_known.Contains(diagnostic)));
        _known = [.. found];
        var faults = string.Join(Environment.NewLine, found.Where(diagnostic => diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error));
        if (faults == _faults)
        {
            return;
        }

        _faults = faults;
        if (faults.Length == 0)
        {
            Healed(logger);
        }
        else
        {
            Failed(logger, heldBack.Count == 0 ? "none" : string.Join(", ", heldBack), faults);
        }
    }

    [LoggerMessage(50, LogLevel.Error, "What policies were changed to cannot be used. Upstreams that keep what they had: {Upstreams}. {Faults}")]
    private static partial void Failed(ILogger logger, string upstreams, string faults);

    [LoggerMessage(51, LogLevel.Information, "All policies can be used again.")]
    private static partial void Healed(ILogger logger);
}
