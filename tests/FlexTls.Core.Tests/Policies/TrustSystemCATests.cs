using FlexTls.Support;
using Xunit;

namespace FlexTls.Policies;

/// <summary><c>extensions.trustSystemCA</c> in code: beside CAs of the policy's own, and told where it has no effect.</summary>
public class TrustSystemCATests
{
    [Fact]
    public void BesideTrustedCA_IsTaken()
    {
        var policy = Findings.Accepted(Trusting(Pki.Trusting()));

        Assert.True(policy.TrustSystemCA);
        Assert.True(policy.HasTrustedCA);
        Assert.Equal("TLS 1.2 to 1.3, 9 suites, h2, http/1.1, 1 trusted CA and system trust, no client certificate", policy.ToString());
        Assert.True(Findings.Accepted(Trusting(new OutboundTlsOptions { TrustAnchors = [Pki.Root.Certificate] })).TrustSystemCA);
    }

    [Fact]
    public void LeftOut_IsFalse()
    {
        Assert.False(OutboundTlsPolicy.Create(Pki.Trusting()).TrustSystemCA);
        Assert.NotEqual(OutboundTlsPolicy.Create(Pki.Trusting()), OutboundTlsPolicy.Create(Trusting(Pki.Trusting())));
        Assert.Equal(OutboundTlsPolicy.Create(Trusting(Pki.Trusting())).GetHashCode(), OutboundTlsPolicy.Create(Trusting(Pki.Trusting())).GetHashCode());
    }

    [Fact]
    public void WithoutCAsOfItsOwn_HasNoEffect()
    {
        var policy = Findings.Accepted(Trusting(new OutboundTlsOptions()), "W:FTLS2029");

        Assert.StartsWith("Extensions.TrustSystemCA has no effect:", policy.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BesideSkipValidation_IsAWarning()
    {
        Findings.Accepted(Trusting(new OutboundTlsOptions { DangerousSkipValidation = true }), "W:FTLS2001", "W:FTLS2029");
        Findings.Accepted(Trusting(new OutboundTlsOptions { DangerousSkipValidation = true, TrustedCA = Pki.Root.Pem }), "W:FTLS2001", "W:FTLS2003", "W:FTLS2029");
    }

    [Fact]
    public void BesideATrustedCAThatCannotBeRead_IsNotToldAsUseless() =>
        Findings.Refused(Trusting(new OutboundTlsOptions { TrustedCA = "file:missing.pem" }), "E:FTLS1031");

    private static OutboundTlsOptions Trusting(OutboundTlsOptions options)
    {
        options.Extensions = new OutboundTlsExtensionOptions { TrustSystemCA = true };
        return options;
    }
}
