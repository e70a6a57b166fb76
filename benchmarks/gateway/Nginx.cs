namespace FlexTls.GatewayComparison;

/// <summary>nginx with one worker.</summary>
internal sealed class Nginx : Contender
{
    public override string Name => "nginx";

    public override string TakesUp => "nginx -s reload";

    public override bool IsInstalled => IsOnPath("nginx");

    public override TimeSpan WarmUp => TimeSpan.FromSeconds(2);

    public override void Reload(ChildProcess process) => process.Signal("HUP");

    protected override ChildProcess Start(Site site, int http1, int http2)
    {
        var folder = site.PathOf("nginx");
        site.Write("nginx/nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            user root;
            pid {{folder}}/pid;
            error_log stderr error;
            events { worker_connections 1024; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              keepalive_requests 100000000;
              upstream upstream {
                server 127.0.0.1:{{site.Upstream.Port}};
                keepalive 64;
                keepalive_requests 100000000;
              }
              server {
                listen 127.0.0.1:{{http1}};
                listen 127.0.0.1:{{http2}} http2;
                location / {
                  proxy_pass https://upstream;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffers 16 16k;
                  proxy_ssl_protocols TLSv1.2 TLSv1.3;
                  proxy_ssl_name localhost;
                  proxy_ssl_server_name on;
                  proxy_ssl_verify on;
                  proxy_ssl_trusted_certificate {{site.PathOf("server-ca.crt")}};
                  proxy_ssl_certificate {{site.PathOf("client.pem")}};
                  proxy_ssl_certificate_key {{site.PathOf("client.pem")}};
                }
              }
            }
            """);
        return ChildProcess.Start(Cores.Proxy, "nginx", ["-e", "stderr", "-c", Path.Combine(folder, "nginx.conf")]);
    }
}
