// FlexTls in five steps. Nothing to set up, nothing leaves this machine: dotnet run --project samples/QuickStart
using System.Net;
using FlexTls;
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
await using var servers = new SampleServers(upstreams);
var report = new Report(upstreams);
report.Announce();

// 2. A policy file as you would write it: for each upstream a Service, which says where it is, and a PolicyBinding,
//    which says how to talk to it. This one holds a private key, so nobody else may look into its folder.
using var folder = new PrivateFolder();
var file = folder.Write("policies.yaml", PolicyYaml.For(upstreams, servers));

// 3. Load it. A fault anywhere would throw (step 5); warnings come with what was loaded.
var policies = TlsPolicyFile.Load(file);
Page.Heading("Worth knowing about these policies");
Page.Diagnostics(policies.Diagnostics);

// 4. A TLS context for each upstream, which connects under its own policy and no other.
var factory = new TlsContextFactory();
foreach (var service in policies.Services)
{
    var binding = policies.Find(service.Name, service.Namespace)!;
    using var context = factory.Create(binding.Policy, service.Name);
    Page.Diagnostics(context.Diagnostics);
    try
    {
        await using var stream = await context.ConnectAsync(new DnsEndPoint(service.Address.Host, service.Address.Port), ct);
        await stream.WriteAsync("hello"u8.ToArray(), ct);
        report.Connected(service.Name, await servers.SeenByAsync(service.Name, ct));
    }
    catch (TlsHandshakeException refusal)
    {
        report.Refused(refusal, await servers.SeenByAsync(service.Name, ct));
    }
}

report.Results();

// 5. A policy file with faults is never half used: Load throws, and says all that is wrong with it in one go.
try
{
    TlsPolicyFile.Load(folder.Write("broken.yaml", BrokenPolicy.Text));
}
catch (TlsPolicyException e)
{
    report.Faults(BrokenPolicy.Text, e);
}

return report.Conclusion();
