using FlexTls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway;

/// <summary>The gateway: all that a Program.cs of your own needs.</summary>
internal static class GatewayApp
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddOutboundTls(options => options.UnboundClusters = UnboundClientBehavior.Refuse);
        builder.Services.AddHealthChecks().AddOutboundTls();

        var app = builder.Build();
        app.MapHealthChecks("/internal/health");
        app.MapReverseProxy();
        return app;
    }
}
