using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Contexts;

/// <summary>The callback of the options, called by libraries that wrap a stream and pass what they like.</summary>
public class ForeignCallbackTests
{
    public static TheoryData<object?> Senders => new() { { "imap.example" }, { new object() }, { (object?)null } };

    [Theory]
    [MemberData(nameof(Senders))]
    public void ASenderThatIsNoSslStream_ChangesNothingAboutTheCertificate(object? sender)
    {
        var context = Pki.Context(Pki.Trusting());
        var verify = context.CreateClientOptions(Pki.Host).RemoteCertificateValidationCallback!;

        Assert.True(verify(sender!, Pki.EcServer, null, SslPolicyErrors.None));
        Assert.Equal("FTLS5021", Assert.Throws<TlsHandshakeException>(() => verify(sender!, Pki.Root.IssueServer("billing.example"), null, SslPolicyErrors.None)).Code);
        Assert.Equal("FTLS5003", Assert.Throws<TlsHandshakeException>(() => verify(sender!, Pki.Foreign.IssueServer(Pki.Host), null, SslPolicyErrors.None)).Code);
        Assert.Equal("FTLS5001", Assert.Throws<TlsHandshakeException>(() => verify(sender!, null, null, SslPolicyErrors.None)).Code);
    }

    /// <summary>What the platform does not choose, nobody has checked.</summary>
    [Fact]
    public void WhereSuitesCannotBeChosen_ASenderThatIsNoSslStream_IsRefused()
    {
        var blind = new PlatformCapabilities(selectsCipherSuites: false, Enum.GetValues<TlsVersion>().ToDictionary(
            version => version, version => (IReadOnlySet<TlsCipherSuite>)CipherSuiteCatalog.All.Where(suite => suite.Versions.Contains(version)).Select(suite => suite.Suite).ToHashSet()));
        var context = new TlsContextFactory(null, null, blind).Create(OutboundTlsPolicy.Create(Pki.Trusting()));
        var verify = context.CreateClientOptions(Pki.Host).RemoteCertificateValidationCallback!;

        Assert.Equal("FTLS6004", Assert.Throws<TlsHandshakeException>(() => verify("imap.example", Pki.EcServer, null, SslPolicyErrors.None)).Code);
    }

    [Fact]
    public void ACertificateOfTheOldKind_IsJudgedLikeAnyOther()
    {
        var context = Pki.Context(Pki.Trusting());
        var verify = context.CreateClientOptions(Pki.Host).RemoteCertificateValidationCallback!;
        using var old = new X509Certificate(Pki.EcServer);

        Assert.True(verify("imap.example", old, null, SslPolicyErrors.None));
    }
}
