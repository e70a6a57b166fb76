using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Gateway;

/// <summary>
/// A partner behind the gateway: a server with a CA of its own, which lets in only clients of the client CA that it
/// runs for the gateway, and remembers them.
/// </summary>
internal sealed class Partner : IAsyncDisposable
{
    private readonly TestCA _serverCA;
    private readonly TestCA _clientCA;
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _seen = [];
    private int _requests;
    private int _issued;

    private Partner(string name)
    {
        Name = name;
        _serverCA = TestCA.Root($"CN={name} servers");
        _clientCA = TestCA.Root($"CN={name} clients");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = _serverCA.IssueServer("localhost");
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => IsOurs(certificate);
        })));
        _app = builder.Build();
        _app.Run(RespondAsync);
    }

    public string Name { get; }

    public string ServerCAPem => _serverCA.Pem;

    /// <summary>The address, under the name that the certificate has.</summary>
    public Uri Address => new UriBuilder(_app.Urls.Single()) { Host = "localhost" }.Uri;

    public int Requests => _requests;

    /// <summary>How many client certificates were issued, and how many of them were seen.</summary>
    public (int Issued, int Seen) Certificates => (_issued, _seen.Count);

    public static async Task<Partner> StartAsync(string name)
    {
        var partner = new Partner(name);
        await partner._app.StartAsync();
        return partner;
    }

    /// <summary>A client certificate for the gateway.</summary>
    public X509Certificate2 Issue() => _clientCA.IssueClient($"CN=gateway {++_issued} of {Name}");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _serverCA.Dispose();
        _clientCA.Dispose();
    }

    private bool IsOurs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_clientCA.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private Task RespondAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        _seen.TryAdd(context.Connection.ClientCertificate!.Subject, true);
        return context.Response.WriteAsync($"hello from {Name}", context.RequestAborted);
    }
}
