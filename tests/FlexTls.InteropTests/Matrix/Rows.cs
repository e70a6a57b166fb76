namespace FlexTls.Interop;

/// <summary>All rows.</summary>
internal static class Rows
{
    // HTTP/2 forbids weak suites, and how a server refuses is seen best without frames.
    private static readonly string[] OnlyHttp11 = ["http/1.1"];

    /// <summary>The suites of the catalog without a row, each with the code of its reason.</summary>
    public static IReadOnlyList<(CipherSuiteInfo Suite, string Code)> NotOffered { get; } =
    [
        .. CipherSuiteCatalog.All.Where(suite => suite.NeedsPreSharedKey).Select(suite => (suite, "FTLS2017")),
        .. CipherSuiteCatalog.All.Where(suite => suite.OpenSslName == "DES-CBC3-SHA").Select(suite => (suite, "FTLS4001")),
    ];

    public static IReadOnlyList<Row> All { get; } =
    [
        .. Versions(),
        .. Suites(TlsVersion.Tls13),
        .. Suites(TlsVersion.Tls12),
        .. Suites(TlsVersion.Tls11),
        new("ALPN h2, http/1.1", ServerPort.Ec) { Alpn = ["h2", "http/1.1"] },
        new("ALPN http/1.1, h2", ServerPort.Ec) { Alpn = ["http/1.1", "h2"] },
        .. ClientCertificates(),
        new("refused: foreign CA", ServerPort.Foreign) { Outcome = Outcome.WeRefuse, Code = "FTLS5002" },
        new("refused: wrong name", ServerPort.WrongName) { Outcome = Outcome.WeRefuse, Code = "FTLS5021" },
        new("refused: expired", ServerPort.Expired) { Outcome = Outcome.WeRefuse, Code = "FTLS5004" },
        new("refused: common name only", ServerPort.CommonName) { Outcome = Outcome.WeRefuse, Code = "FTLS5025" },
    ];

    private static IEnumerable<Row> Versions() =>
        from version in new[] { TlsVersion.Tls13, TlsVersion.Tls12 }
        from port in new[] { ServerPort.Ec, ServerPort.Rsa }
        select new Row($"{Word(version)}, {(port == ServerPort.Ec ? "EC" : "RSA")} certificate", port) { Version = version };

    private static IEnumerable<Row> Suites(TlsVersion version) =>
        from suite in CipherSuiteCatalog.All
        where suite.Versions.Contains(version) && NotOffered.All(not => not.Suite != suite)
        select new Row($"{Word(version)}, {suite.Name}", PortOf(suite)) { Version = version, Suite = suite, Alpn = OnlyHttp11 };

    private static IEnumerable<Row> ClientCertificates() =>
        from version in new[] { TlsVersion.Tls13, TlsVersion.Tls12 }
        from row in new Row[]
        {
            new("required", ServerPort.ClientRequired) { Client = ClientIdentityKind.Trusted },
            new("required, none sent: refused", ServerPort.ClientRequired) { Outcome = Outcome.ServerRefuses },
            new("required, foreign CA: refused", ServerPort.ClientRequired) { Client = ClientIdentityKind.Foreign, Outcome = Outcome.ServerRefuses },
            new("optional", ServerPort.ClientOptional) { Client = ClientIdentityKind.Trusted },
            new("optional, none sent", ServerPort.ClientOptional),
        }
        select row with
        {
            Name = $"{Word(version)}, client certificate {row.Name}",
            Version = version,
            Alpn = row.Outcome == Outcome.ServerRefuses ? OnlyHttp11 : null,
        };

    private static ServerPort PortOf(CipherSuiteInfo suite) => suite.Name switch
    {
        "TLS_AES_128_GCM_SHA256" => ServerPort.Aes128Gcm,
        "TLS_AES_256_GCM_SHA384" => ServerPort.Aes256Gcm,
        "TLS_CHACHA20_POLY1305_SHA256" => ServerPort.ChaCha20,
        _ => suite.Name.Contains("ECDSA", StringComparison.Ordinal) ? ServerPort.Ec : ServerPort.Rsa,
    };

    private static string Word(TlsVersion version) => version switch
    {
        TlsVersion.Tls11 => "TLS 1.1",
        TlsVersion.Tls12 => "TLS 1.2",
        _ => "TLS 1.3",
    };
}
