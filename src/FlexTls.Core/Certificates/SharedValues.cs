using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// Values that are made from texts, shared by all that have the same texts, as long as something uses them. The texts
/// themselves are not kept.
/// </summary>
internal sealed class SharedValues<T>
    where T : class
{
    private const int FewestBeforeSweep = 64;

    private readonly ConcurrentDictionary<string, WeakReference<T>> _values = new(StringComparer.Ordinal);
    private int _sweepAbove = FewestBeforeSweep;

    /// <summary>
    /// The value of these texts. It is shared only if it was made without findings, because findings name places.
    /// </summary>
    /// <param name="texts">All that the value depends on.</param>
    /// <param name="diagnostics">Receives the findings.</param>
    /// <param name="make">Makes the value; <see langword="null"/>: it cannot be made.</param>
    public T? GetOrMake(ReadOnlySpan<string?> texts, DiagnosticList diagnostics, Func<DiagnosticList, T?> make)
    {
        var key = KeyOf(texts);
        if (_values.TryGetValue(key, out var known) && known.TryGetTarget(out var shared))
        {
            return shared;
        }

        var found = new DiagnosticList();
        var made = make(found);
        diagnostics.AddRange(found.InFileOrder());
        if (made is not null && found.Count == 0)
        {
            _values[key] = new WeakReference<T>(made);
            SweepIfMany();
        }

        return made;
    }

    private static string KeyOf(ReadOnlySpan<string?> texts)
    {
        var key = "";
        foreach (var text in texts)
        {
            key += text is null ? "-" : Convert.ToBase64String(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())));
        }

        return key;
    }

    private void SweepIfMany()
    {
        if (_values.Count <= _sweepAbove)
        {
            return;
        }

        foreach (var pair in _values)
        {
            if (!pair.Value.TryGetTarget(out _))
            {
                _values.TryRemove(pair);
            }
        }

        _sweepAbove = Math.Max(FewestBeforeSweep, 2 * _values.Count);
    }
}
