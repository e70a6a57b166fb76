using FlexTls.Support;
using Xunit;

namespace FlexTls.Policies;

/// <summary><c>extensions.drainTimeout</c>: one spelling, bounds, and a fix for every other spelling.</summary>
public class DrainTimeoutTests
{
    private const string Allowed = "write a whole number and one unit (ms, s, m or h), from 0s to 24h";

    public static TheoryData<string, TimeSpan> Durations => new()
    {
        { "0s", TimeSpan.Zero },
        { "0h", TimeSpan.Zero },
        { "1ms", TimeSpan.FromMilliseconds(1) },
        { "500ms", TimeSpan.FromMilliseconds(500) },
        { "30s", TimeSpan.FromSeconds(30) },
        { "5m", TimeSpan.FromMinutes(5) },
        { "1h", TimeSpan.FromHours(1) },
        { "24h", TimeSpan.FromHours(24) },
        { "86400000ms", TimeSpan.FromHours(24) },
    };

    [Theory]
    [MemberData(nameof(Durations))]
    public void ANumberAndAUnit_IsTaken(string text, TimeSpan duration) => Assert.Equal(duration, Findings.Accepted(Options(text)).DrainTimeout);

    [Fact]
    public void LeftOut_IsThirtySeconds()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), OutboundTlsPolicy.Default.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), OutboundTlsPolicy.GatewayDefault.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), Findings.Accepted(Options(null)).DrainTimeout);
    }

    [Theory]
    [InlineData("30", "30s")]
    [InlineData("0", "0s")]
    [InlineData("30 s", "30s")]
    [InlineData(" 5m", "5m")]
    [InlineData("30S", "30s")]
    [InlineData("030s", "30s")]
    [InlineData("1h30m", "90m")]
    [InlineData("1m 30s", "90s")]
    [InlineData("1s500ms", "1500ms")]
    [InlineData("PT30S", "30s")]
    [InlineData("PT1H", "1h")]
    [InlineData("00:00:30", "30s")]
    [InlineData("01:30:00", "90m")]
    [InlineData("30 seconds", "30s")]
    [InlineData("30secs", "30s")]
    [InlineData("5min", "5m")]
    [InlineData("2 hours", "2h")]
    [InlineData("25h", "24h")]
    [InlineData("1441m", "24h")]
    [InlineData("86400001ms", "24h")]
    [InlineData("86401", "24h")]
    [InlineData("99999999h", "24h")]
    [InlineData("999999h999999h999999h999999h", "24h")]
    public void AnotherSpelling_IsAnErrorWithTheRightOne(string text, string meant) =>
        Assert.Equal($"drainTimeout is '{text}'; {Allowed}; did you mean {meant}?", Refused(text));

    [Theory]
    [InlineData("-5s")]
    [InlineData("-1")]
    [InlineData("-00:00:30")]
    [InlineData("+30s")]
    [InlineData("0.5s")]
    [InlineData("1e3s")]
    [InlineData("s")]
    [InlineData("1d")]
    [InlineData("never")]
    [InlineData("infinite")]
    [InlineData("999999999h")]
    [InlineData("99999999999999999999s")]
    [InlineData("٣٠s")]
    [InlineData("file:30s")]
    public void WhatIsNoDuration_IsAnErrorWithAnExample(string text) =>
        Assert.Equal($"drainTimeout is '{text}'; {Allowed}, such as 30s.", Refused(text));

    [Theory]
    [InlineData(-1, "-1ms")]
    [InlineData(86_400_001, "86400001ms")]
    [InlineData(0.5, "00:00:00.0005000")]
    public void ATimeSpanOutsideTheBounds_IsAnError(double milliseconds, string shown)
    {
        var refused = Assert.Throws<TlsPolicyException>(() => Code(TimeSpan.FromMilliseconds(milliseconds)));

        Assert.StartsWith($"error FTLS2030: Extensions.DrainTimeout is '{shown}'; {Allowed}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALineBreakAtTheEnd_IsNotOverlooked() => Findings.Refused(Options("30s\n"), "E:FTLS2030");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Nothing_IsAnErrorAndNotTheDefault(string text) => Findings.Refused(Options(text), "E:FTLS1007");

    [Fact]
    public void APolicyWithAnother_IsAnotherPolicy()
    {
        Assert.NotEqual(OutboundTlsPolicy.Default, Findings.Accepted(Options("31s")));
        Assert.Equal(OutboundTlsPolicy.Default, Findings.Accepted(Options("30000ms")));
        Assert.Equal(Findings.Accepted(Options("60m")).GetHashCode(), Findings.Accepted(Options("1h")).GetHashCode());
        Assert.Equal(Code(TimeSpan.FromHours(1)), Findings.Accepted(Options("60m")));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(1_500, "1500ms")]
    [InlineData(30_000, "30s")]
    [InlineData(90_000, "90s")]
    [InlineData(5_400_000, "90m")]
    [InlineData(86_400_000, "24h")]
    public void ADuration_IsShownAsItIsWritten(int milliseconds, string shown)
    {
        Assert.Equal(shown, Duration.Show(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Duration.TryParse(shown));
    }

    private static string Refused(string text) => Assert.Single(Findings.Refused(Options(text), "E:FTLS2030")).Message;

    private static PolicyDocument Options(string? drainTimeout) => Written.Policy(drainTimeout: drainTimeout);

    private static OutboundTlsPolicy Code(TimeSpan drainTimeout) => OutboundTlsPolicy.Create(
        new() { Extensions = new OutboundTlsExtensionOptions { DrainTimeout = drainTimeout } });
}
