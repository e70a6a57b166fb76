using FlexTls.TestKit;

namespace QuickStart;

/// <summary>What comes of connecting to an upstream, in the words of the table.</summary>
internal sealed record Outcome(string Verdict)
{
    private const string Success = "connected";
    private const string None = "none";

    public static Outcome NotTried { get; } = new("not tried");

    public bool IsConnected => Verdict == Success;

    public string Version { get; private init; } = "-";

    public string CipherSuite { get; private init; } = "-";

    public string Alpn { get; private init; } = "-";

    public string ClientCertificate { get; private init; } = "-";

    public static Outcome Connected(string version, string cipherSuite, string alpn, string clientCertificate = None) =>
        new(Success) { Version = version, CipherSuite = cipherSuite, Alpn = alpn, ClientCertificate = clientCertificate };

    /// <summary>A connection as its server recorded it.</summary>
    public static Outcome Connected(ServerObservation seen) => seen.Error is not null
        ? new("failed at server")
        : Connected(VersionName(seen), seen.CipherSuite.ToString(), seen.Alpn.Length == 0 ? None : seen.Alpn, seen.ClientCertificate ?? None);

    public static Outcome Refused(string code) => new($"refused: {code}");

    /// <summary>A refusal, which came too late if the server got data all the same.</summary>
    public static Outcome Refused(string code, ServerObservation seen) =>
        seen is { Error: null, ClosedUnused: false } ? new($"refused too late: {code}") : Refused(code);

    public override string ToString() =>
        IsConnected ? $"{Version}, {CipherSuite}, {Alpn}{(ClientCertificate == None ? "" : $", {ClientCertificate}")}" : Verdict;

    // Tls13 is TLS 1.3.
    private static string VersionName(ServerObservation seen) =>
        seen.Version.ToString() is ['T', 'l', 's', var major, var minor] ? $"TLS {major}.{minor}" : seen.Version.ToString();
}
