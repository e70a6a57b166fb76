using Xunit;

namespace FlexTls.Policies;

/// <summary><c>extensions.allowPlainHttp</c> in code: a weakening that is told, and part of what a policy is.</summary>
public class AllowPlainHttpTests
{
    [Fact]
    public void ItIsOff_UnlessItIsWritten()
    {
        Assert.False(new OutboundTlsExtensionOptions().DangerousAllowPlainHttp);
        Assert.False(OutboundTlsPolicy.Default.DangerousAllowPlainHttp);
        Assert.False(OutboundTlsPolicy.GatewayDefault.DangerousAllowPlainHttp);
    }

    [Fact]
    public void On_IsAWarning_AndAnotherPolicy()
    {
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true } });

        Assert.True(policy.DangerousAllowPlainHttp);
        var warning = Assert.Single(policy.Diagnostics);
        Assert.Equal((DiagnosticCodes.PlainHttpAllowed, TlsPolicyDiagnosticSeverity.Warning), (warning.Code, warning.Severity));
        Assert.StartsWith("Extensions.DangerousAllowPlainHttp is true:", warning.Message, StringComparison.Ordinal);
        Assert.NotEqual(OutboundTlsPolicy.Default, policy);
        Assert.Contains("plain HTTP allowed", policy.ToString(), StringComparison.Ordinal);
    }
}
