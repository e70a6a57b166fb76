using System.Globalization;
using System.Net.Security;

namespace FlexTls;

/// <summary>Values as a person reads them.</summary>
internal static class Words
{
    public static string Of(TlsVersion version) => $"TLS {NumberOf(version)}";

    /// <summary>A version as policies name it.</summary>
    public static string NumberOf(TlsVersion version) => version switch
    {
        TlsVersion.Tls11 => "1.1",
        TlsVersion.Tls12 => "1.2",
        _ => "1.3",
    };

    public static string Of(TlsVersion min, TlsVersion max) =>
        min == max ? $"{Of(min)} only" : $"{Of(min)} to {Of(max)}";

    /// <summary>A cipher suite with the advice about it.</summary>
    public static string Of(TlsCipherSuite suite) => CipherSuiteCatalog.TryFind(suite, out var known)
        ? $"{known.Name} ({AdviceOn(known)})" : suite.ToString();

    public static string OfAlpn(IReadOnlyList<string> protocols) =>
        protocols.Count == 0 ? "none offered" : string.Join(", ", protocols.Select(SafeText.Of));

    /// <summary>The versions of HTTP that the offered protocols leave.</summary>
    public static string OfHttp(IReadOnlyList<string> protocols) =>
        (protocols.Contains("h2"), protocols.Count == 0 || protocols.Contains("http/1.1")) switch
        {
            (true, true) => "HTTP/2, or HTTP/1.1 where the request or the server wants it",
            (true, false) => "HTTP/2 only",
            (false, true) => "HTTP/1.1 only",
            _ => "none: HttpClient cannot use these protocols",
        };

    public static string Of(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    /// <summary>The dates of a certificate, and how long it is still valid.</summary>
    public static string OfValidity(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now)
    {
        var state = now < notBefore ? "NOT YET VALID" : now - notAfter >= TimeSpan.FromSeconds(1) ? "EXPIRED"
            : $"{DaysLeft((notAfter - now).Days)} left";
        return string.Create(CultureInfo.InvariantCulture, $"{notBefore:yyyy-MM-dd} to {notAfter:yyyy-MM-dd}, {state}");
    }

    private static string DaysLeft(int days) =>
        days == 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{days} days");

    private static string AdviceOn(CipherSuiteInfo suite) =>
        $"{NumberOf(suite.Versions.Max)}, {suite.Advice.ToString().ToLowerInvariant()}";
}
