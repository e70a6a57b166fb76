using System.Collections.Concurrent;
using FlexTls.Diagnostics;
using FlexTls.Sources;
using Microsoft.Extensions.Logging;

namespace FlexTls.Upstreams;

/// <summary>Names of clients that look like the name of a Service that was misspelled.</summary>
/// <param name="logger">Logs warnings.</param>
/// <param name="unbound">What becomes of a client without a policy.</param>
internal sealed class MisspelledClients(ILogger logger, UnboundClientBehavior unbound)
{
    private readonly PatientLog _patient = new();
    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);

    /// <summary>Whether only letter case tells a name from that of a Service: that is a mistake for certain.</summary>
    public static bool DiffersInCase(string client, UpstreamDirectory<Upstream> directory) =>
        directory.Keys.Any(name => IsMeant(client, name));

    /// <summary>
    /// Whether a client has the name of a Service, with its namespace or without, but for letter case.
    /// </summary>
    public static bool IsMeant(string client, UpstreamKey name) =>
        IsSame(name.ToString(), client) || IsSame(name.Name!, client);

    /// <summary>A name that is nearly a Service's may be a mistake, or not: each is logged once.</summary>
    public void WarnIfNear(string client, UpstreamDirectory<Upstream> directory)
    {
        if (unbound != UnboundClientBehavior.Refuse
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

    private static bool IsSame(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
