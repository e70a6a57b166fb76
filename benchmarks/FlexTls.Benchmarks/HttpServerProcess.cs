using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Benchmarks;

/// <summary>An <see cref="HttpServer"/>, from its starter's side.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HttpServerProcess : IDisposable
{
    private readonly Process _process;

    private HttpServerProcess(Process process, Uri address, X509Certificate2 root) => (_process, Address, Root) = (process, address, root);

    public Uri Address { get; }

    public X509Certificate2 Root { get; }

    public static async Task<HttpServerProcess> StartAsync(SslProtocols version)
    {
        var process = OwnProcess.Start(HttpServer.Argument, version.ToString());
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        var port = int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
        return new HttpServerProcess(
            process, new UriBuilder(Uri.UriSchemeHttps, HttpScenario.Host, port).Uri,
            X509CertificateLoader.LoadCertificate(Convert.FromBase64String(line.Split(' ')[1])));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        Root.Dispose();
    }
}
