using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Support;

/// <summary>A server that resumes sessions whatever its certificate is by now, as servers in Go and Node do.</summary>
internal sealed class ReloadingServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private ReloadingServer(DirectoryInfo folder, Process process, int port) =>
        (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    /// <param name="certificates">The certificates: the first is in use at first.</param>
    public static Task<ReloadingServer> StartAsync(params X509Certificate2[] certificates) =>
        StartAsync(isStrict: false, certificates);

    /// <param name="isStrict">
    /// Whether it requires a client certificate, and refuses clients whose session was resumed.
    /// </param>
    /// <param name="certificates">The certificates: the first is in use at first.</param>
    public static async Task<ReloadingServer> StartAsync(bool isStrict, params X509Certificate2[] certificates)
    {
        ExternalTool.Require("node", "--version");
        var folder = Directory.CreateTempSubdirectory("flextls-reloading-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "root.pem"), Pki.Root.Pem);
        foreach (var (i, certificate) in certificates.Index())
        {
            var path = Path.Combine(folder.FullName, $"{i + 1}");
            await File.WriteAllTextAsync($"{path}.pem", certificate.ExportCertificatePem());
            await File.WriteAllTextAsync($"{path}.key", certificate.KeyPem());
        }

        var script = Path.Combine(
            RepositoryFiles.Root, "tests/FlexTls.Core.Tests/Support/reloading-server.js");
        string[] arguments = isStrict ? [script, folder.FullName, "strict"] : [script, folder.FullName];
        var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        var port = await process.StandardOutput.ReadLineAsync(Deadline.Token());
        return new ReloadingServer(folder, process, int.Parse(port!, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
