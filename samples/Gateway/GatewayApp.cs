using System.Net;
using FlexTls;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

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
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("FlexTls").AddPrometheusExporter());

        // Your gateway has its own way of telling who is an operator. Here it is whoever is on this machine.
        builder.Services.AddAuthentication().AddBearerToken();
        builder.Services.AddAuthorizationBuilder().AddPolicy("operators", policy => policy.RequireAssertion(IsLocal));

        var app = builder.Build();
        app.MapHealthChecks("/internal/health");
        app.MapPrometheusScrapingEndpoint("/internal/metrics").RequireAuthorization("operators");
        app.MapOutboundTls("/internal/outbound-tls").RequireAuthorization("operators");
        app.MapReverseProxy();
        return app;
    }

    private static bool IsLocal(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext { Connection.RemoteIpAddress: { } address } && IPAddress.IsLoopback(address);
}
