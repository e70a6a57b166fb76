using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>Why a server may not like the client certificate: what we know ourselves comes first.</summary>
public class ClientCertificateDiagnosisTests
{
    private const string Expired = "the client certificate 'CN=client' expired at 2026-01-31 00:00:00Z: renew it";
    private const string Early = "the client certificate 'CN=client' is not valid before 2026-01-01 00:00:00Z: wait, or compare the clocks";
    private const string NothingInCommon = "the server has no cipher suite, signature algorithm or group in common with the policy";
    private const string Refuses = "the server refuses the client certificate 'CN=client': check whether it trusts the CA that issued it, and whether crt has the intermediates";

    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<int, string?> InDate => new()
    {
        { 40, $"{NothingInCommon}, or it refuses the client certificate 'CN=client'" },
        { 71, $"{NothingInCommon}, or it refuses the client certificate 'CN=client'" },
        { 42, Refuses },
        { 43, "the server does not accept the kind of the client certificate 'CN=client': "
            + "look at its key, its key usage (digitalSignature) and its extended key usage (clientAuth)" },
        { 44, "the server considers the client certificate 'CN=client' revoked: renew it" },
        { 45, "the server considers the client certificate 'CN=client' expired: compare the clocks" },
        { 46, Refuses },
        { 48, Refuses },
        { 49, Refuses },
        { 51, Refuses },
        { 80, null },
    };

    [Theory]
    [MemberData(nameof(InDate))]
    public void ACertificateThatIsInDate(int alert, string? hint) => Assert.Equal(hint, HintOf(alert, End));

    [Theory]
    [InlineData(40)]
    [InlineData(42)]
    [InlineData(43)]
    [InlineData(44)]
    [InlineData(45)]
    [InlineData(46)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(51)]
    public void ACertificateThatIsNotInDate_IsTheFirstReason(int alert)
    {
        var otherwise = alert == 40 ? $"; or {NothingInCommon}" : "";

        Assert.Equal(Expired + otherwise, HintOf(alert, End.AddSeconds(1)));
        Assert.Equal(Early + otherwise, HintOf(alert, Begin.AddSeconds(-1)));
    }

    [Fact]
    public void ACertificateThatNeverEnds_HasNotEnded() =>
        Assert.False(new CertificateDates("CN=client", Begin, DateTimeOffset.MaxValue).HaveEnded(End));

    [Theory]
    [InlineData(40, $"{NothingInCommon}, or it requires a client certificate and the policy has none")]
    [InlineData(42, "the server requires a client certificate and the policy has none")]
    [InlineData(116, "the server requires a client certificate and the policy has none")]
    [InlineData(45, null)]
    [InlineData(48, null)]
    public void NoCertificate(int alert, string? hint)
    {
        var policy = OutboundTlsPolicy.Create(Pki.Trusting());

        Assert.Equal(hint, TlsAlert.Hint(alert, null, Pki.Context(Pki.Trusting()).Effective, PresentedIdentity.Of(policy, null, TimeProvider.System)));
    }

    /// <summary>Old .NET servers, and many others, just close.</summary>
    [Theory]
    [InlineData(-1, Early)]
    [InlineData(0, null)]
    [InlineData(31, Expired)]
    public async Task AServerThatCloses_AndACertificateThatIsNotInDate(int day, string? hint)
    {
        var context = Pki.Context(Options(), clock: new StoppedClock(Begin.AddDays(day)));
        await using var transport = new FirstFlightStream();

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(
            async () => await context.AuthenticateAsClientAsync(transport, Pki.Host, cancellationToken: Deadline.Token()));

        Assert.Equal(("FTLS6001", hint), (failed.Code, failed.Hint));
    }

    private static string? HintOf(int alert, DateTimeOffset now)
    {
        var clock = new StoppedClock(now);
        var policy = OutboundTlsPolicy.Create(Options());
        return TlsAlert.Hint(
            alert, null, Pki.Context(Options(), clock: clock).Effective,
            PresentedIdentity.Of(policy, LoadedIdentity.Of(policy.ClientIdentity!), clock));
    }

    private static OutboundTlsOptions Options()
    {
        var client = Pki.Root.Issue("CN=client", new CertificateRequestOptions
        {
            Usages = [CertificateRequestOptions.ClientAuth],
            NotBefore = Begin,
            NotAfter = End,
        });
        var options = Pki.Trusting();
        options.Certificate = new CertificateOptions { Key = client.KeyPem(), Crt = client.ExportCertificatePem() };
        return options;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
