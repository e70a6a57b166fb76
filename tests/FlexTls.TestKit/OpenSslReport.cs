using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace FlexTls.TestKit;

/// <summary>What <c>openssl s_server</c> reports of one connection.</summary>
public sealed partial record OpenSslReport(string Text)
{
    /// <summary>The negotiated version, <c>1.2</c>; empty if the handshake failed.</summary>
    public string Version { get; private init; } = "";

    public TlsCipherSuite CipherSuite { get; private init; }

    /// <summary>The application protocol that the server chose; empty: none.</summary>
    public string Alpn { get; private init; } = "";

    /// <summary>The server name that the client sent; empty: none.</summary>
    public string ServerName { get; private init; } = "";

    /// <summary>The subject of the client certificate in OpenSSL's spelling; empty: none.</summary>
    public string ClientCertificate { get; private init; } = "";

    /// <summary>The subjects of the verified client chain in OpenSSL's spelling, the root first.</summary>
    public IReadOnlyList<string> ClientChain { get; private init; } = [];

    /// <summary>Whether the connection resumed a session.</summary>
    public bool IsResumed { get; private init; }

    /// <summary>OpenSSL's reason for a failed handshake; empty: it did not fail.</summary>
    public string Error { get; private init; } = "";

    public static OpenSslReport Parse(string text)
    {
        var report = new OpenSslReport(text)
        {
            Alpn = Value(AlpnLine(), text),
            ServerName = Value(ServerNameLine(), text),
            ClientCertificate = Value(SubjectLine(), text),
            ClientChain = [.. DepthLine().Matches(text).Select(match => match.Groups[1].Value.Trim()).Distinct()],
            IsResumed = text.Contains("Reused session-id", StringComparison.Ordinal),
            Error = Value(ErrorLine(), text),
        };
        return SessionBlock().Match(text) is { Success: true } session ? WithSession(report, session.Value) : report;
    }

    /// <summary>The session in OpenSSL's own encoding begins with its format, the protocol version and the suite.</summary>
    private static OpenSslReport WithSession(OpenSslReport report, string pem)
    {
        var fields = PemEncoding.Find(pem);
        var session = new AsnReader(Convert.FromBase64String(pem[fields.Base64Data]), AsnEncodingRules.BER).ReadSequence();
        session.ReadInteger();
        var version = (int)session.ReadInteger();
        return report with
        {
            Version = version switch { 0x0302 => "1.1", 0x0303 => "1.2", 0x0304 => "1.3", _ => $"{version:x4}" },
            CipherSuite = (TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(session.ReadOctetString()),
        };
    }

    private static string Value(Regex line, string text) => line.Match(text) is { Success: true } match ? match.Groups[1].Value.Trim() : "";

    [GeneratedRegex("^ALPN protocols selected: (.*)$", RegexOptions.Multiline)]
    private static partial Regex AlpnLine();

    [GeneratedRegex("Hostname in TLS extension: \"(.*)\"")]
    private static partial Regex ServerNameLine();

    [GeneratedRegex("^subject=(.*)$", RegexOptions.Multiline)]
    private static partial Regex SubjectLine();

    [GeneratedRegex(@"^depth=\d+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex DepthLine();

    [GeneratedRegex(":SSL routines:[^:]*:([^:]*):")]
    private static partial Regex ErrorLine();

    [GeneratedRegex("-----BEGIN SSL SESSION PARAMETERS-----.*?-----END SSL SESSION PARAMETERS-----", RegexOptions.Singleline)]
    private static partial Regex SessionBlock();
}
