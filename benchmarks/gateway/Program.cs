// The same job by four gateways in turns: a plain listener, an upstream that wants a client certificate. On Linux:
// dotnet run --project benchmarks/gateway -c Release [-- ROUNDS SECONDS [PAGE]]
// PAGE, such as docs/gateway.md, is a page whose tables are replaced by those of the run.
// nginx and haproxy are compared if they are installed; nothing is installed by this program.
using System.Globalization;
using FlexTls.GatewayComparison;

switch (args)
{
    case [UpstreamServer.Argument, var folder]:
        await UpstreamServer.RunAsync(folder);
        return;
    case [StockProxy.Argument, var folder]:
        await StockProxy.RunAsync(folder);
        return;
}

var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4;
Cores.UseForLoad();
using var site = new Site();
await using var upstream = await ChildProcess.StartAsync(
    Cores.Load, "dotnet", [typeof(Site).Assembly.Location, UpstreamServer.Argument, site.Folder]);
site.Upstream = new Uri(upstream.FirstLine);
Contender[] all = [new FlexGateway(), new StockGateway(), new Nginx(), new Haproxy()];
List<Contender> contenders = [.. all.Where(contender => contender.IsInstalled)];
await Throughput.CompareAsync(contenders, site, rounds, TimeSpan.FromSeconds(seconds));
await Renewals.CompareAsync(contenders, site);
if (args.Length > 2)
{
    Report.WriteTo(args[2]);
}
