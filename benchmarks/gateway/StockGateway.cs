using System.Globalization;

namespace FlexTls.GatewayComparison;

/// <summary>YARP with TLS options set in ConfigureHttpClient, as people usually do: the baseline.</summary>
internal sealed class StockGateway : Contender
{
    public override string Name => "YARP alone";

    protected override ChildProcess Start(Site site, int http1, int http2)
    {
        site.Write("stock/arguments", string.Create(CultureInfo.InvariantCulture, $"{http1} {http2} {site.Upstream}"));
        return ChildProcess.Start(
            Cores.Proxy, "dotnet", [typeof(StockGateway).Assembly.Location, StockProxy.Argument, site.Folder]);
    }
}
