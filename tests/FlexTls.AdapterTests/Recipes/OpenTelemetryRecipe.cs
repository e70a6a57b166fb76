using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace FlexTls.Adapters.Recipes;

/// <summary>What docs/recipes/opentelemetry.md shows.</summary>
internal static class OpenTelemetryRecipe
{
    public static TracerProvider CreateTracing(IServiceProvider services, Uri collector, OtlpExportProtocol protocol)
    {
        // <snippet>
        var handlers = services.GetRequiredService<IOutboundTlsHandlerFactory>();
        var tracing = Sdk.CreateTracerProviderBuilder().AddSource("orders").AddOtlpExporter(options =>
        {
            options.Endpoint = collector;
            options.Protocol = protocol;
            options.HttpClientFactory = () => new HttpClient(handlers.CreateHandler("collector"));
        }).Build();
        // </snippet>
        return tracing;
    }
}
