using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>99991231235959Z says that a certificate never expires (RFC 5280, section 4.1.2.5).</summary>
public class EndlessValidityTests
{
    private static readonly DateTimeOffset Never = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    [Fact]
    public void ACertificateAndAnAnchorWithoutEnd_AreAccepted()
    {
        using var root = TestCA.Root(notAfter: Never);
        var context = Pki.Context(Pki.Trusting(root));
        using var server = root.Issue("CN=server", new CertificateRequestOptions { DnsNames = [Pki.Host], NotAfter = Never });

        Assert.True(context.ValidateServerCertificate(server, [], Pki.Host).IsValid);
    }
}
