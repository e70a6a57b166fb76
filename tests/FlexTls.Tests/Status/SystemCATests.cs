using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Status;

/// <summary>The log names client certificates of CAs that may not renew them.</summary>
public class SystemCATests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientCertificateOfACAOfTheSystem_IsNamedOnce(bool hasIntermediate)
    {
        if (SystemCA() is not { } name)
        {
            Assert.Skip("This machine trusts no CA.");
            return;
        }

        using var root = TestCA.Root(name);
        using var intermediate = root.Intermediate();
        using var client = (hasIntermediate ? intermediate : root).IssueClient("CN=partner");
        await using var host = WatchedHost.Of(options =>
        {
            (options.TrustedCA, options.ClientCertificate) = (Pki.Root.Pem, client);
            options.ClientIntermediates = hasIntermediate ? [intermediate.Certificate] : null;
        });
        host.Pass(TimeSpan.FromHours(3));

        var line = Assert.Single(host.Expiries);
        Assert.StartsWith(
            $"Information: Upstream 'orders', generation 1: client certificate 'CN=partner' is issued under '", line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientCertificateOfAnotherCA_IsNot()
    {
        await using var host = WatchedHost.Of(
            options => (options.TrustedCA, options.ClientCertificate) = (Pki.Root.Pem, Pki.Client),
            tls => tls.ExpiryWarnings = []);
        host.Pass(TimeSpan.FromHours(3));

        Assert.Empty(host.Expiries);
    }

    /// <summary>The name of a CA that this system trusts; <see langword="null"/>: it trusts none.</summary>
    private static string? SystemCA()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        return store.Certificates.Select(root => root.Subject).FirstOrDefault(
            name => name.StartsWith("CN=", StringComparison.Ordinal));
    }
}
