using System.Net.Security;
using System.Security.Authentication;

namespace QuickStart;

/// <summary>What comes of a request to an upstream, in the words of the table.</summary>
internal sealed record Outcome(string Verdict)
{
    private const string Success = "connected";
    private const string None = "none";

    public static Outcome NotTried { get; } = new("not tried");

    public bool IsConnected => Verdict == Success;

    public string Version { get; private init; } = "-";

    public string CipherSuite { get; private init; } = "-";

    public string Alpn { get; private init; } = "-";

    public string Http { get; private init; } = "-";

    public string ClientCertificate { get; private init; } = "-";

    public static Outcome Connected(string version, string cipherSuite, string alpn, string http, string? clientCertificate = null) =>
        new(Success) { Version = version, CipherSuite = cipherSuite, Alpn = alpn, Http = http, ClientCertificate = clientCertificate ?? None };

    /// <summary>A request as its server recorded it.</summary>
    public static Outcome Connected(SslStream tls, string http) => Connected(
        VersionName(tls.SslProtocol), $"{tls.NegotiatedCipherSuite}", $"{tls.NegotiatedApplicationProtocol}", http.Replace("HTTP/", ""), tls.RemoteCertificate?.Subject);

    public static Outcome Refused(string code) => new($"refused: {code}");

    /// <summary>A request that came to nothing, though not for a reason of TLS.</summary>
    public static Outcome Failed(string reason) => new($"failed: {reason}");

    /// <summary>What came of it for the client, checked against the server's records: one request for an answer, none for a refusal.</summary>
    public static Outcome Of(Outcome? failure, IReadOnlyCollection<Outcome> recorded) => (failure, recorded.Count) switch
    {
        (null, 1) => recorded.Single(),
        ({ } refusal, 0) => refusal,
        _ => new($"{failure?.Verdict ?? "answered"}, with {recorded.Count} requests at the server"),
    };

    public override string ToString() =>
        IsConnected ? $"{Version}, {CipherSuite}, {Alpn}, HTTP/{Http}{(ClientCertificate == None ? "" : $", {ClientCertificate}")}" : Verdict;

    // Tls13 is TLS 1.3.
    private static string VersionName(SslProtocols protocol) =>
        protocol.ToString() is ['T', 'l', 's', var major, var minor] ? $"TLS {major}.{minor}" : protocol.ToString();
}
