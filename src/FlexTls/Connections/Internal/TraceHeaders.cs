using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FlexTls.Connections;

/// <summary>
/// The header fields in which the platform's handler passes on a trace. It writes them onto the message that it sends,
/// and writes them anew when that is sent again only if it also follows redirects. Ours follows them, so it sees to that.
/// </summary>
internal sealed class TraceHeaders(DistributedContextPropagator? propagator)
{
    private static readonly bool CanAsk = Try();

    private readonly HashSet<string> _fields = new(propagator?.Fields ?? [], StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes from a message what an earlier send has written onto it, so that the next one writes its own.</summary>
    public void RemoveWritten(HttpRequestMessage message)
    {
        if (CanAsk && WasInjected(message))
        {
            foreach (var field in _fields)
            {
                message.Headers.Remove(field);
            }
        }
    }

    /// <summary>Whether a field of a message that was sent is of that send alone, and must not be copied onto another message.</summary>
    public bool IsOfOneSend(string field, HttpRequestMessage message) => _fields.Contains(field) && (!CanAsk || WasInjected(message));

    private static bool Try()
    {
        try
        {
            using var message = new HttpRequestMessage();
            return !WasInjected(message);
        }
        catch (MissingMethodException)
        {
            // Another platform: then a message that is sent again keeps the trace header of its first send.
            return false;
        }
    }

    // What a handler has written onto a message cannot be told from what a caller has; the platform keeps a mark.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WasPropagatorStateInjectedByDiagnosticsHandler")]
    private static extern bool WasInjected(HttpRequestMessage message);
}
