using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>Detects client names that look like a misspelled Service name.</summary>
/// <param name="logger">Logs warnings.</param>
internal sealed class MisspelledClients(ILogger logger)
{
    private const int MostLogged = 1000;

    private readonly PatientLog _patient = new();
    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);

    /// <summary>Logs, once each, a name close to a Service's, which may be a mistake.</summary>
    /// <param name="client">The name.</param>
    /// <param name="directory">The Services.</param>
    /// <param name="unbound">The behavior of a client without a policy.</param>
    public void WarnIfNear(string client, UpstreamDirectory<Upstream> directory, UnboundClientBehavior unbound)
    {
        if (unbound != UnboundClientBehavior.Refuse && _logged.Count < MostLogged
            && directory.FindNear(client) is { } near
            && _logged.TryAdd(client, true))
        {
            var tls = unbound == UnboundClientBehavior.Stock ? "the platform's" : "the gateway's default";
            var diagnostics = new DiagnosticList();
            diagnostics.Warning(DiagnosticCodes.ClientLooksMisspelled, new Place(""),
                $"client '{client}': no policy exists for a Service of its name, so its TLS is {tls}; "
                + $"did you mean {Text.Quote(near.ToString())}?");
            _patient.Write(() => RegistrationLog.Loaded(logger, diagnostics.InFileOrder()));
        }
    }
}
