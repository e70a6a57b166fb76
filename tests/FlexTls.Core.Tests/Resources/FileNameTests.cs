using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

/// <summary>Whoever may put a file into a folder of policies chooses its name, and must not write lines into a log with it.</summary>
public class FileNameTests
{
    private const string Name = "orders\nerror FTLS0000: forged\u202E\u001b[31m.yaml";

    [Fact]
    public void AFileNameWithALineBreak_StaysOnItsLine()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        var folder = Directory.CreateTempSubdirectory("flextls-");
        try
        {
            var path = Path.Combine(folder.FullName, Name);
            File.WriteAllText(path, "apiVersion: gateway.mulesoft.com/v1alpha1\nkind: PolicyBindin\n");

            var failed = Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Load(path));

            Assert.Equal(failed.Diagnostics.Count, failed.Message.Split('\n').Length);
            Assert.DoesNotContain(failed.Message, c => c is '\u202E' or '\u001b');
            Assert.Equal(path, failed.Diagnostics[0].FileName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void AContextNameWithALineBreak_StaysOnItsLine()
    {
        var log = new RecordingLogger();
        var context = new TlsContextFactory(null, log).Create(OutboundTlsPolicy.Create(new OutboundTlsOptions { DangerousSkipValidation = true }), "orders\nforged");

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains('\n', StringComparison.Ordinal));
    }
}
