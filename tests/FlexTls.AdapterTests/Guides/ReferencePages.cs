using FlexTls.Http.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/http.md and docs/status.md show.</summary>
internal static class ReferencePages
{
    public static void AddClients(WebApplicationBuilder builder, Uri address)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        builder.Services.AddHttpClient("orders").AddOutboundTls();                  // the policy of the Service 'orders'
        builder.Services.AddHttpClient("billing").AddOutboundTls("payments/billing");
        builder.Services.AddGrpcClient<Echo.EchoClient>(o => o.Address = address).AddOutboundTls("echo");
        // </snippet>
    }

    public static OutboundTlsStatus Status(WebApplication app)
    {
        // <snippet>
        var status = app.Services.GetRequiredService<IOutboundTlsManager>().GetStatus();
        // </snippet>
        return status;
    }

    public static void SetWarnings(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile("policies/*.yaml");
            tls.ExpiryWarnings = [TimeSpan.FromDays(14), TimeSpan.FromDays(2)];
        });
        // </snippet>
    }

    public static void AddHealth(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddHealthChecks().AddOutboundTls();
        // </snippet>
    }
}
