// A forwarder for programs that speak plain TCP to an upstream that wants TLS: what stunnel does as a client. The policy
// says everything about the TLS; it has 'alpn: []' where the protocol has no ALPN name:
//
//   dotnet run --project samples/RawTcp -- 127.0.0.1:5432 db.internal.example:5433 policy.yaml
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FlexTls;
using RawTcp;

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

TlsPolicySet policies;
try
{
    policies = TlsPolicyFile.Load(arguments.PolicyFile);
}
catch (TlsPolicyException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

if (policies.Bindings is not [var binding])
{
    Console.Error.WriteLine($"{arguments.PolicyFile} has {policies.Bindings.Count} bindings of tls-outbound; one is wanted.");
    return 1;
}

var context = new TlsContextFactory().Create(binding.Policy, binding.TargetName);
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

using var listener = new Socket(arguments.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
try
{
    listener.Bind(arguments.Listen);
    listener.Listen();
}
catch (SocketException e)
{
    Console.Error.WriteLine($"cannot listen on {arguments.Listen}: {e.Message}");
    return 1;
}

Console.WriteLine($"listening on {listener.LocalEndPoint}, forwarding to '{binding.TargetName}' ({arguments.Upstream.Host}:{arguments.Upstream.Port})");

var forwarder = new Forwarder(new Tunnel(context, arguments.Upstream, Console.Error), Console.Error);
var allEnded = await forwarder.RunAsync(listener, grace: TimeSpan.FromSeconds(5), stop.Token);
Console.WriteLine(allEnded ? "stopped" : "stopped; connections that were still open were reset");
return 0;

void Stop(PosixSignalContext signal)
{
    // The program ends by itself when the tunnels have.
    signal.Cancel = true;
    stop.Cancel();
}
