using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlexTls;

/// <summary>Finds the upstream behind a context.</summary>
internal static class ContextUpstreams
{
    private static readonly ConditionalWeakTable<OutboundTlsContext, Upstream> Known = [];

    public static void Add(Upstream upstream) => Known.Add(upstream.Context, upstream);

    /// <summary>The upstream of a context. For a context from a factory, it never changes and logs nothing.</summary>
    public static Upstream Of(OutboundTlsContext context)
    {
        if (Known.TryGetValue(context, out var known))
        {
            return known;
        }

        var (name, clock, nothing) = (context.Name ?? "", TimeProvider.System, NullLogger.Instance);
        var source = new RegisteredPolicy(context.Policy, "a context", new Place("policy"));
        lock (Known)
        {
            if (!Known.TryGetValue(context, out known))
            {
                var log = new UpstreamLog(nothing, nothing, TlsInstruments.Default, clock, name);
                known = new Upstream(context, source, name, log, clock);
                Known.Add(context, known);
            }

            return known;
        }
    }
}
