using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using FlexTls.Validation.Fuzz;
using Xunit;

namespace FlexTls.Validation;

/// <summary>A wildcard under name constraints is every name that it stands for, and no other.</summary>
public class WildcardConstraintTests
{
    [Theory]
    [InlineData(".orders.example", true)]
    [InlineData("orders.example", true)]
    [InlineData("example", true)]
    [InlineData("eu.orders.example", true)]
    [InlineData(".eu.orders.example", false)]
    [InlineData("a.eu.orders.example", false)]
    [InlineData("billing.example", false)]
    public void AWildcard_IsExcluded_WhereItReachesIn(string excluded, bool isRefused) => Assert.Equal(isRefused, IsRefused([], [Encode.Dns(excluded)]));

    [Theory]
    [InlineData(".orders.example", false)]
    [InlineData("orders.example", false)]
    [InlineData("eu.orders.example", true)]
    public void AWildcard_IsPermitted_WhereAllOfItLies(string permitted, bool isRefused) => Assert.Equal(isRefused, IsRefused([Encode.Dns(permitted)], []));

    private static bool IsRefused(byte[][] permitted, byte[][] excluded)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=constrained root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509Extension("2.5.29.30", Encode.Constraints(permitted, excluded), true));
        using var root = TestCA.Over(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60)));
        var context = Pki.Context(Pki.Trusting(root));
        using var server = root.IssueServer("*.orders.example");

        var codes = context.ValidateServerCertificate(server, [], "de.orders.example").Failures.Select(failure => failure.Code).ToList();

        Assert.True(codes is [] or ["FTLS5009"], string.Join(", ", codes));
        return codes.Count > 0;
    }
}
