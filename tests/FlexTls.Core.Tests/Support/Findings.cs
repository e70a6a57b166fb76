using Xunit;

namespace FlexTls.Support;

/// <summary>Short ways to ask what a policy's diagnostics say.</summary>
internal static class Findings
{
    /// <summary>The codes of what was found, with the severity's first letter: <c>E:FTLS2007</c>.</summary>
    public static IEnumerable<string> Codes(this IEnumerable<TlsPolicyDiagnostic> diagnostics) =>
        diagnostics.Select(diagnostic => $"{diagnostic.Severity.ToString()[0]}:{diagnostic.Code}");

    /// <summary>What is accepted in the words of a policy.</summary>
    public static OutboundTlsPolicy Accepted(PolicyDocument document, params string[] codes)
    {
        var found = new DiagnosticList();
        var policy = OutboundTlsPolicy.Parse(document, found);
        Assert.Equal(codes, found.InFileOrder().Codes());
        return Assert.IsType<OutboundTlsPolicy>(policy);
    }

    /// <summary>What is refused in the words of a policy.</summary>
    public static IReadOnlyList<TlsPolicyDiagnostic> Refused(PolicyDocument document, params string[] codes)
    {
        var found = new DiagnosticList();
        Assert.Null(OutboundTlsPolicy.Parse(document, found));
        Assert.Equal(codes, found.InFileOrder().Codes());
        return found.InFileOrder();
    }

    public static OutboundTlsPolicy Accepted(OutboundTlsOptions options, params string[] codes)
    {
        Assert.True(OutboundTlsPolicy.TryCreate(options, out var policy, out var diagnostics), string.Join('\n', diagnostics));
        Assert.Equal(codes, diagnostics.Codes());
        Assert.Equal(diagnostics, policy.Diagnostics);
        return policy;
    }

    public static IReadOnlyList<TlsPolicyDiagnostic> Refused(OutboundTlsOptions options, params string[] codes)
    {
        Assert.False(OutboundTlsPolicy.TryCreate(options, out var policy, out var diagnostics));
        Assert.Null(policy);
        Assert.Equal(codes, diagnostics.Codes());
        var exception = Assert.Throws<TlsPolicyException>(() => OutboundTlsPolicy.Create(options));
        Assert.Equal(diagnostics, exception.Diagnostics);
        Assert.Equal(string.Join(Environment.NewLine, diagnostics), exception.Message);
        return diagnostics;
    }
}
