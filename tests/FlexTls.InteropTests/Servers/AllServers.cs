namespace FlexTls.Interop;

/// <summary>All servers, in the order of the page.</summary>
internal static class AllServers
{
    public static IReadOnlyList<InteropServer> All { get; } =
    [
        new NginxServer(),
        new HaproxyServer(),
        new StunnelServer(),
        new NodeServer(),
        new LighttpdOpensslServer(),
        new LighttpdGnutlsServer(),
        new GnutlsServer(),
        new LighttpdMbedtlsServer(),
        new LighttpdNssServer(),
        new LighttpdWolfsslServer(),
        new BotanServer(),
        new JdkServer(),
        new GoServer(),
        new CaddyServer(),
    ];
}
