using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Support;

/// <summary>
/// Tests of resumption: what the server says of each connection. Each test has a server name of its own, because the
/// platform's sessions belong to the whole process.
/// </summary>
public abstract class SessionTests : IAsyncDisposable
{
    protected string Name { get; } = $"{Guid.NewGuid():N}.example";

    // The platform may drop the sessions of a client or server in this process that has no open connection.
    private readonly List<Stream> _open = [];

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var stream in _open)
        {
            await stream.DisposeAsync();
        }
    }

    protected static async Task<string> ConnectAsync(OutboundTlsContext context, OpenSslServer server, int times)
    {
        var seen = new List<string>();
        for (var i = 0; i < times; i++)
        {
            await using var stream = (UpstreamStream)await context.ConnectAsync(
                new("localhost", server.Port), Deadline.Token());
            var report = await NextAsync(server);
            Assert.Equal(report.IsResumed, stream.Outcome.IsResumed);
            seen.Add(report.IsResumed ? "resumed" : "full");

            // The session comes with the first data.
            await server.AnswerAsync("hello");
            Assert.NotEqual(0, await stream.ReadAsync(new byte[16], Deadline.Token()));
        }

        return string.Join(", ", seen);
    }

    /// <summary>A client that closes without a goodbye is reported too.</summary>
    protected static async Task<OpenSslReport> NextAsync(OpenSslServer server)
    {
        while (true)
        {
            if (await server.NextAsync(Deadline.Token()) is { Version.Length: > 0 } report)
            {
                return report;
            }
        }
    }

    protected async Task<string> EchoAsync(OutboundTlsContext context, PortForwarder port, int times)
    {
        var seen = new List<string>();
        for (var i = 0; i < times; i++)
        {
            var stream = (UpstreamStream)await context.ConnectAsync(new("localhost", port.Port), Deadline.Token());
            _open.Add(stream);
            await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());
            Assert.NotEqual(0, await stream.ReadAsync(new byte[16], Deadline.Token()));
            seen.Add(stream.Outcome.IsResumed ? "resumed" : "full");
        }

        return string.Join(", ", seen);
    }

    protected X509Certificate2 Issue(KeyKind key = KeyKind.EcP256) =>
        Pki.Root.Issue($"CN={Name}", new CertificateRequestOptions { Key = key, DnsNames = [Name] });

    protected OutboundTlsOptions Trusting() => new()
    {
        TrustedCA = Pki.Root.Pem,
        Extensions = new() { ServerName = Name },
    };

    protected OutboundTlsOptions MutualTls()
    {
        var (options, client) = (Trusting(), Pki.Root.IssueClient());
        options.Certificate = new CertificateOptions { Key = client.KeyPem(), Crt = client.ExportCertificatePem() };
        return options;
    }

    protected static Task<OpenSslServer> StartAsync(
        X509Certificate2 certificate, string? verify, params string[] arguments)
    {
        ExternalTool.RequireOpenSsl();
        return OpenSslServer.StartAsync(
            certificate.ExportCertificatePem(), certificate.KeyPem(), verify is null ? null : Pki.Root.Pem,
            verify is null ? arguments : [verify, "3", .. arguments], Deadline.Token());
    }
}
