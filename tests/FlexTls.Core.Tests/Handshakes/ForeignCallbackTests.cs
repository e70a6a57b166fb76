using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Handshakes;

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
        Assert.Equal("FTLS5021", Code(Pki.Root.IssueServer("billing.example")));
        Assert.Equal("FTLS5003", Code(Pki.Foreign.IssueServer(Pki.Host)));
        Assert.Equal("FTLS5001", Code(null));

        string Code(X509Certificate2? server) =>
            Assert.Throws<TlsHandshakeException>(() => verify(sender!, server, null, SslPolicyErrors.None)).Code;
    }

    /// <summary>What the platform does not choose, nobody has checked.</summary>
    [Fact]
    public void WhereSuitesCannotBeChosen_ASenderThatIsNoSslStream_IsRefused()
    {
        var offered = Enum.GetValues<TlsVersion>().ToDictionary(version => version, SuitesOf);
        var blind = new PlatformCapabilities(selectsCipherSuites: false, offered);
        var context = new TlsContextFactory(null, null, blind).Create(OutboundTlsPolicy.Create(Pki.Trusting()));
        var verify = context.CreateClientOptions(Pki.Host).RemoteCertificateValidationCallback!;

        var refused = Assert.Throws<TlsHandshakeException>(() => verify("imap.example", Pki.EcServer, null, SslPolicyErrors.None));

        Assert.Equal("FTLS6004", refused.Code);

        static IReadOnlySet<TlsCipherSuite> SuitesOf(TlsVersion version) =>
            CipherSuiteCatalog.All.Where(suite => suite.Versions.Contains(version)).Select(suite => suite.Suite).ToHashSet();
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
