using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// The header fields in which the platform's handler passes on a trace. It injects them into the message that it sends,
/// and renews them on the next send only if it follows redirects itself. Our handler follows redirects, so it removes
/// the old fields.
/// </summary>
internal sealed class TraceHeaders(DistributedContextPropagator? propagator)
{
    private static readonly bool CanTell = Try();

    private readonly HashSet<string> _fields = new(propagator?.Fields ?? [], StringComparer.OrdinalIgnoreCase);

    /// <summary>Removes what an earlier send injected into a message, so that the next send injects its own.</summary>
    public void RemoveInjected(HttpRequestMessage message)
    {
        if (CanTell && WasInjected(message))
        {
            foreach (var field in _fields)
            {
                message.Headers.Remove(field);
            }
        }
    }

    /// <summary>Whether a field was injected by a send, and so must not be copied to another message.</summary>
    public bool IsInjected(string field, HttpRequestMessage message) =>
        _fields.Contains(field) && (!CanTell || WasInjected(message));

    private static bool Try()
    {
        try
        {
            using var message = new HttpRequestMessage();
            return !WasInjected(message);
        }
        catch (MissingMethodException)
        {
            // Another runtime: a message that is sent again keeps the trace header of its first send.
            return false;
        }
    }

    // Public members cannot tell injected fields from the caller's; the platform marks the message.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WasPropagatorStateInjectedByDiagnosticsHandler")]
    private static extern bool WasInjected(HttpRequestMessage message);
}
