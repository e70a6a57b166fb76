// What the SDK of web programs brings in by itself.
// <snippet>
using FlexTls;
// </snippet>
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Readme;

/// <summary>What docs/how-to/rotate-certificates.md shows to operators: what stands between the marks.</summary>
internal static class GuideOperations
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddHealthChecks().AddOutboundTls();

        var app = builder.Build();
        app.MapHealthChecks("/internal/health");
        app.MapGet("/internal/outbound-tls", (IOutboundTlsManager manager) => manager.GetStatus())
            .RequireAuthorization("operators");
        app.MapPost("/internal/outbound-tls/reload", (IOutboundTlsManager manager, CancellationToken ct) =>
            manager.ReloadAsync(ct)).RequireAuthorization("operators");
        // </snippet>
        return app;
    }
}
