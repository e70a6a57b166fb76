using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

public class PresentedChainTests
{
    /// <summary>A server may send any certificate along with those that count.</summary>
    [Fact]
    public void Dates_OfACertificateThatThePlatformCannotRead_AreLeftOut()
    {
        var validity = Encoding.Latin1.GetBytes("\u0030\u0022\u0018\u000f00000101000000Z\u0018\u000f99991231235959Z");
        using var odd = (CertificateParts.Of(Pki.EcServer) with { Validity = validity }).SignedBy(Pki.Root);
        Assert.ThrowsAny<Exception>(() => odd.NotBefore);

        var dates = PresentedChain.Of(Pki.EcServer, [odd]).Dates;

        Assert.Equal(Pki.EcServer.Subject, Assert.Single(dates).Subject);
    }
}
