// FlexTls in five steps. Nothing to set up, nothing leaves this machine: dotnet run --project samples/QuickStart
using FlexTls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuickStart;

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("The versions and suites that this sample announces are those of Linux with OpenSSL 3.");
    return 2;
}

var upstreams = SampleUpstreams.Create();
if (!Arguments.TryApply(args, upstreams))
{
    return 2;
}

using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var ct = timeout.Token;

// 1. Six servers, each with ideas of its own about TLS. In your world they exist already.
await using var servers = await SampleServers.StartAsync(upstreams, ct);
var report = new Report(upstreams);
report.Announce();

// 2. A policy file as you would write it: for each upstream a Service, which says where it is, and a PolicyBinding,
//    which says how to talk to it. This one holds a private key, so nobody else may look into its folder.
using var folder = new PrivateFolder();
folder.Write("policies.yaml", PolicyYaml.For(upstreams, servers));

// 3. A host with a named client for each upstream. The two calls of AddOutboundTls are all that FlexTls needs: a client
//    gets the policy of the Service that has its name.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.Path });
builder.Logging.ClearProviders().AddProvider(new PageLogger()).SetMinimumLevel(LogLevel.Warning);
builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies.yaml"));
foreach (var name in upstreams.Select(upstream => upstream.Name))
{
    builder.Services.AddHttpClient(name, client => client.BaseAddress = servers.AddressOf(name)).AddOutboundTls();
}

//    A fault in a policy would stop the host here (step 5). What is only worth knowing is logged, and so are failures.
using var host = builder.Build();
Page.Heading("What the host logs");
await host.StartAsync(ct);

// 4. The clients are used like any other. A server that its policy does not accept gets no request: the call fails, and
//    the exception inside says why.
var clients = host.Services.GetRequiredService<IHttpClientFactory>();
foreach (var upstream in upstreams)
{
    try
    {
        await clients.CreateClient(upstream.Name).GetStringAsync("/", ct);
    }
    catch (HttpRequestException e) when (e.InnerException is TlsHandshakeException refusal)
    {
        report.Refused(upstream.Name, refusal);
    }
    catch (HttpRequestException e)
    {
        report.Failed(upstream.Name, e);
    }
}

await host.StopAsync(ct);
await servers.DisposeAsync();
report.Results(servers.RequestsTo);

// 5. A policy file with faults is never half used: the host does not start, and says all that is wrong in one go.
folder.Write("broken.yaml", BrokenPolicy.Text);
var broken = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.Path });
broken.Logging.ClearProviders();
broken.Services.AddOutboundTls(tls => tls.AddPolicyFile("broken.yaml"));
using var brokenHost = broken.Build();
try
{
    await brokenHost.StartAsync(ct);
}
catch (TlsPolicyException e)
{
    report.Faults(BrokenPolicy.Text, e);
}

return report.Conclusion();
