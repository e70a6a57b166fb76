// <snippet>
using FlexTls;
// </snippet>
// What the SDK of web programs brings in by itself.
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Readme;

/// <summary>The Program.cs of a gateway that docs/how-to/yarp.md shows: what stands between the marks.</summary>
internal static class GuideProxy
{
    public static async Task RunAsync(string[] args)
    {
        // <snippet>
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddOutboundTls(options => options.UnboundClusters = UnboundClientBehavior.Refuse);

        var app = builder.Build();
        app.MapReverseProxy();
        await app.RunAsync();
        // </snippet>
    }
}
