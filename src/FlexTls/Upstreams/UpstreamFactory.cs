namespace FlexTls;

/// <summary>Makes upstreams, and their generations, from policies.</summary>
/// <param name="clock">The clock of the upstreams.</param>
/// <param name="telemetry">The logs and the meter of the program.</param>
internal sealed class UpstreamFactory(TimeProvider clock, ProgramTelemetry telemetry)
{
    private readonly TlsContextFactory _contexts =
        new(clock, PlatformCapabilities.Current, telemetry.Policies, telemetry.Instruments);

    /// <summary>
    /// Makes an upstream from a policy. From here on, its name, perhaps a client's, is a single line.
    /// </summary>
    /// <exception cref="TlsPolicyException">This platform can offer nothing that the policy asks for.</exception>
    public Upstream Create(RegisteredPolicy registered, string name)
    {
        var shown = Text.OneLine(name);
        var log = new UpstreamLog(telemetry.Handshakes, telemetry.Rotation, telemetry.Instruments, clock, shown);
        var context = new OutboundTlsContext(_contexts.CreateGeneration(registered.Policy, shown));
        var upstream = new Upstream(context, registered, shown, log, clock);
        ContextUpstreams.Add(upstream);
        return upstream;
    }

    /// <summary>The generation that a changed policy puts in force.</summary>
    /// <exception cref="TlsPolicyException">The policy cannot be used on this platform.</exception>
    public ContextGeneration CreateGeneration(Upstream upstream, RegisteredPolicy next) =>
        _contexts.Prepare(next.Policy, upstream.Name);

    /// <summary>Logs the findings about a generation that is put in force.</summary>
    public void Announce(ContextGeneration generation) => _contexts.Announce(generation);
}
