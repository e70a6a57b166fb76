using System.Net.Security;
using Xunit;

namespace FlexTls.Pages;

/// <summary>What a single cell shows.</summary>
public class CellTests
{
    private const string Subject = "CN=orders";

    [Theory]
    [InlineData("100.00:00:00", false, "100 days left", "good", "100")]
    [InlineData("50.00:00:00", false, "50 days left", "good", "50")]
    [InlineData("29.00:00:00", true, "29 days left", "warn", "29")]
    [InlineData("00:00:01", true, "1 second left", "warn", "2")]
    [InlineData("00:00:00", true, "0 seconds left", "warn", "2")]
    [InlineData("-00:00:01", true, "expired 1 second ago", "bad", "100")]
    [InlineData("-3.00:00:00", true, "expired 3 days ago", "bad", "100")]
    public async Task AnExpiry_HasItsTimeLeft_InWordsAndAsABar(
        string left, bool expiresSoon, string words, string look, string width)
    {
        var end = Cell.Now + TimeSpan.Parse(left, System.Globalization.CultureInfo.InvariantCulture);
        var expiry = new CertificateExpiry
        {
            Role = TlsCertificateRole.ClientIntermediate,
            Subject = "CN=CA",
            NotAfter = end,
            NotBefore = end.AddDays(-100),
        };

        var cell = await Cell.OfAsync(page => ExpiryCell.Write(page, expiry, expiresSoon, Subject));

        var bar = Assert.Single(cell.All("svg"));
        Assert.Equal($"bar {look}", bar.Attribute("class")!.Value);
        Assert.Equal(words, bar.Attribute("aria-label")!.Value);
        Assert.Equal(["100", width], bar.Elements("rect").Select(part => part.Attribute("width")!.Value));
        Assert.Equal(words, cell.All("span").First().Value);
        Assert.Contains(cell.All("small"), line => line.Value == "intermediate sent with the client certificate CN=CA");
        Assert.Contains(cell.All("small"), line => line.Value == $"{end:u}");
    }

    [Theory]
    [InlineData(TlsCertificateRole.ClientCertificate, Subject, "client certificate")]
    [InlineData(TlsCertificateRole.ClientCertificate, "CN=other", "client certificate CN=other")]
    [InlineData(
        TlsCertificateRole.ClientIntermediate, Subject, "intermediate sent with the client certificate CN=orders")]
    [InlineData(TlsCertificateRole.ServerChain, Subject, "certificate presented by the server CN=orders")]
    public async Task AnExpiry_HasTheSubject_UnlessItIsInTheCellBefore(
        TlsCertificateRole role, string subject, string words)
    {
        var expiry = new CertificateExpiry { Role = role, Subject = subject, NotAfter = Cell.Now };

        var cell = await Cell.OfAsync(page => ExpiryCell.Write(page, expiry, false, Subject));

        Assert.Equal(words, cell.All("small").First().Value);
    }

    /// <summary>Other CAs may vouch for the server, and a server may renew its certificate.</summary>
    [Theory]
    [InlineData(TlsCertificateRole.TrustedCA)]
    [InlineData(TlsCertificateRole.ServerChain)]
    public async Task AnExpiredCertificateThatIsNotTheClients_IsAWarning(TlsCertificateRole role)
    {
        var expiry = new CertificateExpiry { Role = role, Subject = Subject, NotAfter = Cell.Now.AddDays(-1) };

        var cell = await Cell.OfAsync(page => ExpiryCell.Write(page, expiry, true, Subject));

        Assert.Equal("bar warn", Assert.Single(cell.All("svg")).Attribute("class")!.Value);
    }

    [Fact]
    public async Task AHandshakeOfTls12_HasWhatIsKnown()
    {
        var handshake = new TlsHandshakeSummary
        {
            At = Cell.Now.AddMinutes(-3),
            Version = TlsVersion.Tls12,
            CipherSuite = TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        };

        var cell = await Cell.OfAsync(page => HandshakeCell.Write(page, handshake, true));

        Assert.Equal(
            "TLS 1.2, no ALPNTLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256not mutual, 3 minutes ago", cell.Tree.Root!.Value);
    }

    [Theory]
    [InlineData(false, "none yet")]
    [InlineData(true, "unknownplain HTTP, not finished, or hidden by a PlaintextStreamFilter")]
    public async Task WithoutAHandshake_OpenConnectionsHaveOneThatIsUnknown(bool hasConnections, string words)
    {
        var cell = await Cell.OfAsync(page => HandshakeCell.Write(page, null, hasConnections));

        Assert.Equal(words, cell.Tree.Root!.Value);
    }

    [Fact]
    public async Task AHandshake_HasEverything()
    {
        var handshake = new TlsHandshakeSummary
        {
            At = Cell.Now,
            Version = TlsVersion.Tls13,
            CipherSuite = TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            ApplicationProtocol = "h2",
            KeyExchangeGroup = "X25519MLKEM768",
            IsResumed = true,
            IsMutual = false,
            Duration = TimeSpan.FromMilliseconds(12.34),
        };

        var cell = await Cell.OfAsync(page => HandshakeCell.Write(page, handshake, true));

        Assert.StartsWith("TLS 1.3, h2", cell.Tree.Root!.Value, StringComparison.Ordinal);
        Assert.Equal(
            ["TLS_AES_128_GCM_SHA256", "X25519MLKEM768, post-quantum", "not mutual, resumed, 12.3\u00A0ms, just now"],
            cell.All("small").Select(line => line.Value));
    }

    [Fact]
    public async Task TheLastHour_HasAStrokeForEachMinute_UpForHandshakesAndDownForFailures()
    {
        var minute = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        UpstreamTlsMinute[] minutes =
        [
            new() { At = minute.AddMinutes(-60), Handshakes = 9, Failures = 9 },
            new() { At = minute.AddMinutes(-59), Handshakes = 1000 },
            new() { At = minute.AddMinutes(-1), Handshakes = 1, Failures = 500 },
            new() { At = minute, Handshakes = 500 },
        ];

        var cell = await Cell.OfAsync(page => HistoryCell.Write(page, minutes));

        Assert.Equal(
            ["M0 16.5h120", "M1 16v-16M117 16v-1M119 16v-8", "M117 17v3.5"],
            cell.All("path").Select(path => path.Attribute("d")!.Value));
        var chart = Assert.Single(cell.All("svg"));
        Assert.Equal("Last hour: 1,510 handshakes, 509 failures", chart.Attribute("aria-label")!.Value);
    }

    [Fact]
    public async Task ManyFaults_AreFoldedUp()
    {
        var faults = Enumerable.Range(1, 25)
            .Select(line => new TlsPolicyDiagnostic(
                "FTLS1001", TlsPolicyDiagnosticSeverity.Error, "wrong", "a.yaml", line, 1)).ToList();

        var cell = await Cell.OfAsync(page => FaultSection.Write(page, faults));

        Assert.Equal(25, cell.All("li").Count());
        Assert.Equal("5 more", Assert.Single(cell.All("summary")).Value);
        Assert.Equal(5, Assert.Single(cell.All("details")).Descendants("li").Count());
    }
}
