namespace FlexTls.GatewayComparison;

/// <summary>haproxy with one thread, as master and worker.</summary>
internal sealed class Haproxy : Contender
{
    public override string Name => "haproxy";

    public override string TakesUp => "SIGUSR2 to its master";

    public override bool IsInstalled => IsOnPath("haproxy");

    public override TimeSpan WarmUp => TimeSpan.FromSeconds(2);

    public override void Reload(ChildProcess process) => process.Signal("USR2");

    protected override ChildProcess Start(Site site, int http1, int http2)
    {
        site.Write("haproxy/haproxy.cfg", $$"""
            global
              nbthread 1
              stats socket {{site.PathOf("haproxy/admin.sock")}} mode 600 level admin expose-fd listeners
            defaults
              mode http
              timeout client 60s
              timeout server 60s
              timeout connect 10s
              timeout http-keep-alive 60s
            frontend clients
              bind 127.0.0.1:{{http1}}
              bind 127.0.0.1:{{http2}} proto h2
              default_backend upstream
            backend upstream
              http-reuse always
              server one 127.0.0.1:{{site.Upstream.Port}} ssl verify required verifyhost localhost sni str(localhost) ca-file {{site.PathOf("server-ca.crt")}} crt {{site.PathOf("client.pem")}} ssl-min-ver TLSv1.2 alpn http/1.1
            """);
        return ChildProcess.Start(
            Cores.Proxy, "haproxy", ["-W", "-q", "-x", site.PathOf("haproxy/admin.sock"), "-f", site.PathOf("haproxy/haproxy.cfg")]);
    }
}
