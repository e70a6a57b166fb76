using System.Net;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Policies;

/// <summary><c>extensions.subjectAltNames</c> in code: what a policy makes of the names, and which it refuses.</summary>
public class SubjectAltNamesTests
{
    [Theory]
    [InlineData("DNS", "Orders.Example", "DNS:orders.example")]
    [InlineData("DNS", "orders.example.", "DNS:orders.example")]
    [InlineData("DNS", "bücher.example", "DNS:xn--bcher-kva.example")]
    [InlineData("URI", "spiffe://example.org/ns/a/sa/Orders", "URI:spiffe://example.org/ns/a/sa/Orders")]
    [InlineData("URI", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")]
    [InlineData("URI", "$name://literally", null)]
    [InlineData("IP", "10.1.2.3", "IP:10.1.2.3")]
    [InlineData("IP", "2001:DB8:0::1", "IP:2001:db8::1")]
    public void AName_IsReadInTheFormOfCertificates(string type, string value, string? shown)
    {
        if (shown is null)
        {
            Findings.Refused(Options((type, value)), "E:FTLS2026");
            return;
        }

        Assert.Equal([shown], Findings.Accepted(Options((type, value))).ExpectedNames);
    }

    [Fact]
    public void Names_AreKeptInOrder_EachOnce()
    {
        var policy = Findings.Accepted(Options(("URI", "spiffe://example.org/a"), ("DNS", "a.example"), ("IP", "::1"), ("DNS", "A.example."), ("IP", "0::1")));

        Assert.Equal(
            [new ExpectedName(ExpectedNameKind.Uri, "spiffe://example.org/a", null), new(ExpectedNameKind.Dns, "a.example", null), new(ExpectedNameKind.IP, "::1", IPAddress.IPv6Loopback)],
            policy.SubjectAltNames);
        Assert.Equal("TLS 1.2 to 1.3, 9 suites, h2, http/1.1, system trust, 3 expected names, no client certificate", policy.ToString());
    }

    [Theory]
    [InlineData(null, "types are DNS, URI and IP.")]
    [InlineData(" ", "types are DNS, URI and IP.")]
    [InlineData("dns", "did you mean DNS?")]
    [InlineData("DSN", "did you mean DNS?")]
    [InlineData("url", "did you mean URI?")]
    [InlineData("email", "types are DNS, URI and IP.")]
    public void AnotherType_IsAnError(string? type, string hint)
    {
        var fault = Assert.Single(Findings.Refused(Options((type, "a.example")), "E:FTLS2025"));

        Assert.StartsWith("Extensions.SubjectAltNames[0]", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(hint, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DNS", null, "has no value; write a DNS name such as")]
    [InlineData("DNS", " ", "has no value; write a DNS name such as")]
    [InlineData("DNS", "*.example", "the policy names the host itself")]
    [InlineData("DNS", "orders.*.example", "the policy names the host itself")]
    [InlineData("DNS", "10.1.2.3", "an address has the type IP")]
    [InlineData("DNS", "::1", "an address has the type IP")]
    [InlineData("DNS", "spiffe://example.org/a", "a URI has the type URI")]
    [InlineData("DNS", "a.example:8443", "write a DNS name such as")]
    [InlineData("DNS", "a..example", "write a DNS name such as")]
    [InlineData("URI", "orders.example", "write an absolute URI such as")]
    [InlineData("URI", "/orders", "write an absolute URI such as")]
    [InlineData("URI", "spiffe://", "write an absolute URI such as")]
    [InlineData("URI", "urn:", "write an absolute URI such as")]
    [InlineData("URI", "spiffe://example.org/a b", "write an absolute URI such as")]
    [InlineData("URI", "spiffe://example.org/bücher", "percent-encoded")]
    [InlineData("IP", "orders.example", "write only an IP address")]
    [InlineData("IP", "10.1.2", "write only an IP address")]
    [InlineData("IP", "010.1.2.3", "write only an IP address")]
    [InlineData("IP", "10.1.2.3:443", "write only an IP address")]
    [InlineData("IP", "10.0.0.0/8", "write only an IP address")]
    [InlineData("IP", "[::1]", "write only an IP address")]
    [InlineData("IP", "[::1]:443", "write only an IP address")]
    [InlineData("IP", "fe80::1%1", "write only an IP address")]
    [InlineData("IP", "2001:db8::/32", "write only an IP address")]
    public void AValueThatDoesNotFitItsType_IsAnError(string type, string? value, string hint)
    {
        var fault = Assert.Single(Findings.Refused(Options((type, value)), "E:FTLS2026"));

        Assert.StartsWith("Extensions.SubjectAltNames[0]", fault.Message, StringComparison.Ordinal);
        Assert.Contains(hint, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingToCheck_IsAnError()
    {
        Findings.Refused(Options(), "E:FTLS1007");
        Findings.Refused(new OutboundTlsOptions { Extensions = new OutboundTlsExtensionOptions { SubjectAltNames = [null!] } }, "E:FTLS2025");
    }

    [Fact]
    public void EveryEntry_IsJudged() =>
        Findings.Refused(Options(("X500", "a"), ("DNS", "a.example"), ("DNS", "*"), ("IP", "")), "E:FTLS2025", "E:FTLS2026", "E:FTLS2026");

    [Fact]
    public void BesideSkipValidation_IsAWarning()
    {
        var options = Options(("DNS", "a.example"));
        options.DangerousSkipValidation = true;

        var policy = Findings.Accepted(options, "W:FTLS2001", "W:FTLS2029");

        Assert.Equal("Extensions.SubjectAltNames is not used, because DangerousSkipValidation is true.", policy.Diagnostics[1].Message);
        Assert.Equal("TLS 1.2 to 1.3, 9 suites, h2, http/1.1, no validation, no client certificate", policy.ToString());
    }

    [Fact]
    public void Policies_DifferByTheirNames()
    {
        (string?, string?)[][] different = [[("DNS", "a.example")], [("DNS", "b.example")], [("DNS", "a.example"), ("DNS", "b.example")], [("URI", "urn:a.example")], [("IP", "::1")]];

        Assert.Equal(different.Length + 1, different.Select(names => OutboundTlsPolicy.Create(Options(names))).Append(OutboundTlsPolicy.Default).Distinct().Count());
        Assert.Equal(OutboundTlsPolicy.Create(Options(("DNS", "A.example"))), OutboundTlsPolicy.Create(Options(("DNS", "a.example."))));
        Assert.Equal(OutboundTlsPolicy.Create(Options(("IP", "0::1"))).GetHashCode(), OutboundTlsPolicy.Create(Options(("IP", "::1"))).GetHashCode());
    }

    [Fact]
    public void LaterChangesToTheOptions_DoNotReachThePolicy()
    {
        var options = Options(("DNS", "a.example"));
        var policy = OutboundTlsPolicy.Create(options);
        options.Extensions!.SubjectAltNames![0].Value = "b.example";
        options.Extensions.SubjectAltNames.Clear();

        Assert.Equal(["DNS:a.example"], policy.ExpectedNames);
    }

    private static OutboundTlsOptions Options(params (string? Type, string? Value)[] names) => new()
    {
        Extensions = new OutboundTlsExtensionOptions { SubjectAltNames = [.. names.Select(name => new SubjectAltNameOptions { Type = name.Type, Value = name.Value })] },
    };
}
