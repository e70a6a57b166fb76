using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Telemetry;

/// <summary>What docs/operations.md shows.</summary>
internal static class OperationsPage
{
    public static void AddTelemetry(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("FlexTls"))
            .WithTracing(tracing => tracing.AddSource("FlexTls"));
        // </snippet>
    }
}
