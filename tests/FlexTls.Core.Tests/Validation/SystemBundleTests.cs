using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>
/// The operating system's store may have another certificate of a CA that the server sends; the server's counts.
/// </summary>
public class SystemBundleTests
{
    private const string Folder = "FLEXTLS_TEST_BUNDLE";

    [Fact]
    public async Task AnIntermediateOfTheSystems_DoesNotHideTheOneThatTheServerSends()
    {
        if (Environment.GetEnvironmentVariable(Folder) is { } given)
        {
            X509Certificate2 Read(string name) =>
                X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(given, $"{name}.pem")));
            Verdict.IsAccepted(Verdict.Of([Read("root")], Read("server"), Read("sent")));
            Assert.False(Verdict.Of([Read("old")], Read("server"), Read("sent")).IsValid);
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only OpenSSL takes its store from the environment.");
        using var old = TestCA.Root("CN=Old Root");
        using var root = TestCA.Root("CN=New Root");
        using var issuing = root.Intermediate("CN=Issuing CA");
        var folder = Directory.CreateTempSubdirectory("flextls-");
        try
        {
            foreach (var (name, certificate) in new[]
            {
                ("root", root.Certificate), ("old", TestCA.Root("CN=Unrelated").Certificate),
                ("sent", issuing.Certificate), ("server", issuing.IssueServer(Pki.Host)),
                ("bundle", old.CrossSign(issuing).Certificate),
            })
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder.FullName, $"{name}.pem"), certificate.ExportCertificatePem(), Deadline.Token());
            }

            var empty = folder.CreateSubdirectory("empty").FullName;
            await ChildProcess.RunAsync(
                typeof(SystemBundleTests), nameof(AnIntermediateOfTheSystems_DoesNotHideTheOneThatTheServerSends),
                ("SSL_CERT_FILE", Path.Combine(folder.FullName, "bundle.pem")), ("SSL_CERT_DIR", empty),
                ("HOME", empty), (Folder, folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
