// New certificates without a restart, under load. Nothing to set up, nothing leaves this machine:
// dotnet run --project samples/Rotation
using FlexTls;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotation;

if (Arguments.Seconds(args) is not { } seconds)
{
    return 2;
}

using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds + 60));
var ct = timeout.Token;

// 1. An upstream that requires a client certificate, and a CA whose client certificates are valid for thirty
//    seconds: who does not take up new ones is soon refused. In your world both exist already, with more patience.
using var serverCA = TestCA.Root("CN=Server CA");
using var clientCA = new ClientCA();
await using var upstream = await Upstream.StartAsync(serverCA, clientCA, ct);

// 2. A policy that names its CA, certificate and key as files.
using var files = new PolicyFiles(serverCA, clientCA.Issue());

// 3. All that a Program.cs of your own needs. That files are watched is the default.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = files.Folder });
builder.Logging.ClearProviders(); // Not in yours: the log says what is in force, and why something is not.
builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("*.yaml"));
builder.Services.AddHttpClient("orders", client => client.BaseAddress = upstream.Address).AddOutboundTls();
using var host = builder.Build();
using var metrics = new Metrics();
await host.StartAsync(ct);

// 4. Requests, all through one HttpClient that is never made again.
var load = new Load(host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders"));

// 5. Every second something happens to the files. A good change must be seen by the upstream, a bad one in the status.
var manager = host.Services.GetRequiredService<IOutboundTlsManager>();
var steps = new List<Step>();
var live = new LiveLine(load);
using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
var passed = 0;
foreach (var step in Script.Run(files, clientCA))
{
    steps.Add(step);
    for (var patience = 30; patience > 0 && !step.HasComeOut; patience--)
    {
        await timer.WaitForNextTickAsync(ct);
        passed++;
        var status = manager.GetStatus().Upstreams.Single();
        live.Show(status);
        step.Check(upstream, status);
    }

    if ((passed >= seconds && steps.Count >= Script.Shortest) || !step.HasComeOut)
    {
        break;
    }
}

await load.StopAsync();
await host.StopAsync(ct);
return Summary.Print(steps, load, metrics);
