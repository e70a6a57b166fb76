using FlexTls.Support;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>What a program receives can be made by its tests.</summary>
public class MadeInTestsTests
{
    [Fact]
    public void AnException_HasWhatItWasMadeOf()
    {
        var path = new List<CertificateSummary> { new() { Subject = "CN=orders" } };
        var verdict = new ServerCertificateValidationResult(
            [new() { Code = "FTLS5001", Message = "not trusted." }], path);
        path.Clear();
        var cause = new IOException();

        var made = new TlsHandshakeException(
            "FTLS5001", "refused", "orders", "orders.example", "renew it", verdict, cause);

        Assert.Equal(
            ("FTLS5001", "refused", "orders", "orders.example", "renew it"),
            (made.Code, made.Message, made.Upstream, made.TargetHost, made.Hint));
        Assert.Same(verdict, made.ServerCertificate);
        Assert.Same(cause, made.InnerException);
        Assert.False(verdict.IsValid);
        Assert.Equal("CN=orders", Assert.Single(verdict.Path).Subject);
        Assert.Contains("FTLS5001: not trusted.", verdict.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new TlsHandshakeException(null!, "refused", null, ""));
        Assert.Throws<ArgumentNullException>(() => new ServerCertificateValidationResult(null!, []));
    }

    [Fact]
    public void AnExceptionOfPolicies_HasItsCause()
    {
        var fault = new TlsPolicyDiagnostic("FTLS7024", TlsPolicyDiagnosticSeverity.Error, "it failed.", null, 0, 0);
        var cause = new IOException();

        var made = new TlsPolicyException([fault], cause);

        Assert.Same(cause, made.InnerException);
        Assert.Equal([fault], made.Diagnostics);
        Assert.Equal(fault.ToString(), made.Message);
    }

    [Fact]
    public async Task ASource_IsReadByAReaderOfATest()
    {
        var set = await new OneText().ReadAsync(new TlsPolicyReader("one text"), Deadline.Token());

        Assert.Equal("orders", Assert.Single(set.Bindings).TargetName);
        Assert.False(set.HasErrors);
        Assert.True(new TlsPolicyReader("one text").Read("a: [").HasErrors);
        Assert.Null(((ITlsPolicySource)new OneText()).GetChangeToken());
        Assert.Throws<ArgumentNullException>(() => new TlsPolicyReader(null!));
    }

    private sealed class OneText : ITlsPolicySource
    {
        public string Name => "one text";

        public ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken) =>
            new(reader.Read(
                "{ apiVersion: gateway.mulesoft.com/v1alpha1, kind: PolicyBinding, metadata: { name: orders-tls }, spec: "
                + "{ targetRef: { kind: Service, name: orders }, policyRef: { name: tls-outbound }, config: {} } }"));
    }
}
