// <snippet>
using System.Net;
// </snippet>
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Pages;

/// <summary>What docs/page.md shows.</summary>
internal static class PageProgram
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddAuthentication().AddBearerToken();
        builder.Services.AddAuthorizationBuilder().AddPolicy("operators", policy => policy.RequireAssertion(context =>
            context.Resource is HttpContext { Connection.RemoteIpAddress: { } address } && IPAddress.IsLoopback(address)));

        var app = builder.Build();
        app.MapOutboundTls("/internal/outbound-tls").RequireAuthorization("operators");
        // </snippet>
        return app;
    }
}
