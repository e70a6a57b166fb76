using System.Security.Authentication;

namespace FlexTls;

/// <summary>A contiguous range of TLS versions, both ends included.</summary>
public sealed record TlsVersionRange
{
    private static readonly TlsVersion[] All = [TlsVersion.Tls11, TlsVersion.Tls12, TlsVersion.Tls13];

    /// <summary>Creates a range.</summary>
    /// <param name="min">The lowest version.</param>
    /// <param name="max">The highest version.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="min"/> is above <paramref name="max"/>, or one of them is not a TLS version.
    /// </exception>
    public TlsVersionRange(TlsVersion min, TlsVersion max)
    {
        if (!Enum.IsDefined(max))
        {
            throw new ArgumentOutOfRangeException(nameof(max), max, "Not a TLS version.");
        }

        if (!Enum.IsDefined(min) || min > max)
        {
            throw new ArgumentOutOfRangeException(nameof(min), min, "Not a TLS version, or above the highest.");
        }

        (Min, Max) = (min, max);
    }

    /// <summary>The lowest version.</summary>
    public TlsVersion Min { get; }

    /// <summary>The highest version.</summary>
    public TlsVersion Max { get; }

    /// <summary>Whether <paramref name="version"/> is in the range.</summary>
    /// <param name="version">The version.</param>
    /// <returns><see langword="true"/> if it is.</returns>
    public bool Contains(TlsVersion version) => version >= Min && version <= Max;

    /// <summary>The range as words: <c>TLS 1.2</c> or <c>TLS 1.2 to 1.3</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => Min == Max ? $"TLS {Min.ToText()}" : $"TLS {Min.ToText()} to {Max.ToText()}";

    internal bool Overlaps(TlsVersionRange other) => Min <= other.Max && other.Min <= Max;

    /// <summary>The versions of the range, lowest first.</summary>
    internal IEnumerable<TlsVersion> Versions => All.Where(Contains);

    /// <summary>
    /// The highest contiguous run of possible versions, or <see langword="null"/> if none is possible.
    /// </summary>
    internal TlsVersionRange? HighestRun(Func<TlsVersion, bool> isPossible)
    {
        var run = Versions.Reverse().SkipWhile(version => !isPossible(version)).TakeWhile(isPossible).ToList();
        return run.Count == 0 ? null : new TlsVersionRange(run[^1], run[0]);
    }

    /// <summary>The range as the platform's flags, always explicit: <c>None</c> would offer TLS 1.0.</summary>
    internal SslProtocols ToSslProtocols() =>
        Versions.Aggregate(SslProtocols.None, (protocols, version) => protocols | version.ToSslProtocol());
}
