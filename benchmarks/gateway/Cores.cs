namespace FlexTls.GatewayComparison;

/// <summary>Each proxy has one core for itself; the load and the upstream share the other.</summary>
internal static class Cores
{
    public const int Load = 0;
    public const int Proxy = 1;
}
