using System.Diagnostics;

namespace FlexTls.Connections;

/// <summary>
/// The header fields in which the platform's handler passes on a trace. It writes them onto the message that it sends,
/// so that they must not be copied onto the next one, unless the caller wrote them.
/// </summary>
internal sealed class TraceHeaders(DistributedContextPropagator? propagator)
{
    private readonly string[] _fields = [.. propagator?.Fields ?? []];

    /// <summary>The values before a message is sent; <see langword="null"/>: it has none. Allocates only where there are some.</summary>
    public string?[]? Of(HttpRequestMessage message)
    {
        string?[]? values = null;
        if (message.ExistingHeaders() is { } headers)
        {
            for (var i = 0; i < _fields.Length; i++)
            {
                if (headers.NonValidated.TryGetValues(_fields[i], out var value))
                {
                    (values ??= new string?[_fields.Length])[i] = value.ToString();
                }
            }
        }

        return values;
    }

    /// <summary>Whether a field of a message that was sent has a value that the handler, and not the caller, gave it.</summary>
    /// <param name="field">The name of the field.</param>
    /// <param name="value">Its value now.</param>
    /// <param name="before">The values before the message was sent.</param>
    public bool IsWrittenByHandler(string field, string value, string?[]? before)
    {
        var index = Array.FindIndex(_fields, known => string.Equals(known, field, StringComparison.OrdinalIgnoreCase));
        return index >= 0 && before?[index] != value;
    }
}
