using System.Diagnostics;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using Xunit;

namespace FlexTls.Adapters.Recipes;

public class OpenTelemetryRecipeTests
{
    private static readonly ActivitySource Source = new("orders");

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc, "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "HTTP/2")]
    [InlineData(OtlpExportProtocol.HttpProtobuf, "/v1/traces", "HTTP/1.1")]
    public async Task AnExporter_IsUnderThePolicy_AndRotates(OtlpExportProtocol protocol, string path, string version)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants("collector");
        var endpoint = protocol == OtlpExportProtocol.Grpc ? server.Address : new Uri(server.Address, path);
        using var tracing = OpenTelemetryRecipe.CreateTracing(tenants.All, endpoint, protocol);

        Export(tracing);
        tenants.Write("collector", "renewed");
        await tenants.ReloadAsync();
        Export(tracing);

        Assert.All(server.Requests, request => Assert.Equal((path, version), (request.Path, request.Protocol)));
        Assert.Equal(["CN=collector", "CN=renewed"], server.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task ACollectorOfAnotherCA_GetsNothing()
    {
        await using var server = await StartAsync(isForeign: true);
        await using var tenants = new Tenants("collector");
        using var tracing = OpenTelemetryRecipe.CreateTracing(tenants.All, server.Address, OtlpExportProtocol.HttpProtobuf);

        Export(tracing);

        Assert.Empty(server.Requests);
        Assert.StartsWith("FTLS50", tenants.Status.Single().LastError?.Code, StringComparison.Ordinal);
    }

    private static void Export(TracerProvider tracing)
    {
        Source.StartActivity("work")?.Stop();
        tracing.ForceFlush();
    }

    /// <summary>A stand-in for a collector: it accepts everything, in both protocols.</summary>
    private static Task<HttpUpstream> StartAsync(bool isForeign = false) => RecipeServer.StartAsync(
        _ => { },
        endpoints => endpoints.Map("{**any}", async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            if (context.Request.ContentType == "application/grpc")
            {
                context.Response.ContentType = "application/grpc";
                await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
                context.Response.AppendTrailer("grpc-status", "0");
            }
        }),
        isForeign);
}
