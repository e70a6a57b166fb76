using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>
/// Under the system's CAs, whose limits may stand outside their certificates, the platform's word on usages counts; under
/// a policy's own, the certificates decide alone.
/// </summary>
public class SystemUsageTests
{
    private const string Folder = "FLEXTLS_TEST_SYSTEM_USAGES";
    private const int RuntimeThatEnforcesPolicies = 10;

    [Fact]
    public async Task WhatThePlatformSaysOfUsages_CountsUnderTheSystemsCAs()
    {
        if (Environment.GetEnvironmentVariable(Folder) is { } told)
        {
            Judge(told);
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only OpenSSL takes its store from the environment.");
        var folder = Directory.CreateTempSubdirectory("flextls-");
        try
        {
            var roots = new List<string>();
            foreach (var (name, extension) in new[] { ("policies", ExplicitPolicy), ("any", Usage(DecodedCertificate.AnyExtendedKeyUsage)), ("clients", Usage(DecodedCertificate.ClientAuth)) })
            {
                using var root = TestCA.Root($"CN={name}", new AuthorityOptions { Extensions = [extension] });
                using var intermediate = root.Intermediate($"CN=below {name}");
                roots.Add(root.Pem);
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), intermediate.IssueServer(Pki.Host).ChainPem(intermediate.Certificate, root.Certificate), Deadline.Token());
            }

            var bundle = Path.Combine(folder.FullName, "roots.pem");
            await File.WriteAllTextAsync(bundle, string.Join('\n', roots), Deadline.Token());
            var empty = folder.CreateSubdirectory("empty").FullName;
            await ChildProcess.RunAsync(typeof(SystemUsageTests), nameof(WhatThePlatformSaysOfUsages_CountsUnderTheSystemsCAs),
                ("SSL_CERT_FILE", bundle), ("SSL_CERT_DIR", empty), ("HOME", empty), (Folder, folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static X509Extension ExplicitPolicy => new(CertificateExtension.PolicyConstraints, [0x30, 3, 0x80, 1, 0], critical: true);

    private static X509EnhancedKeyUsageExtension Usage(string usage) => new([new(usage)], critical: false);

    private static void Judge(string folder)
    {
        // .NET 11 requires no policies, and takes any usage for one of servers.
        var isStrict = Environment.Version.Major == RuntimeThatEnforcesPolicies;

        Assert.Equal(isStrict ? "FTLS5028" : "", Codes(folder, "policies", null));
        Assert.Equal(isStrict ? "FTLS5006" : "", Codes(folder, "any", null));
        Assert.StartsWith("FTLS5006", Codes(folder, "clients", null), StringComparison.Ordinal);

        Assert.Equal("", Codes(folder, "policies", "own"));
        Assert.Equal("", Codes(folder, "any", "own"));
        Assert.StartsWith("FTLS5006", Codes(folder, "clients", "own"), StringComparison.Ordinal);
    }

    private static string Codes(string folder, string name, string? own)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Path.Combine(folder, name));
        var options = new OutboundTlsOptions { TrustedCA = own is null ? null : chain[2].ExportCertificatePem() };
        return string.Join(' ', Pki.Context(options).ValidateServerCertificate(chain[0], [chain[1]], Pki.Host).Failures.Select(failure => failure.Code).Distinct());
    }
}
