using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Recipes;

/// <summary>Servers with endpoints, which want a client certificate.</summary>
internal static class RecipeServer
{
    public static Task<HttpUpstream> StartAsync(
        Action<IServiceCollection> services, Action<IEndpointRouteBuilder> endpoints, bool isForeign = false) =>
        HttpUpstream.StartAsync(
            new HttpUpstreamOptions(isForeign ? Pki.Foreign.IssueServer("localhost") : Pki.EcServer)
            {
                ClientCertificates = ClientCertificateMode.RequireCertificate,
                Services = services,
                Configure = app =>
                {
                    app.UseWebSockets();
                    app.UseRouting();
#pragma warning disable ASP0014 // A route of the top level would come after the answer that HttpUpstream ends with.
                    app.UseEndpoints(endpoints);
#pragma warning restore ASP0014
                },
            },
            Deadline.Token());

    /// <summary>The code of a failure, wherever a library has put it.</summary>
    public static string? CodeIn(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is TlsHandshakeException handshake)
            {
                return handshake.Code;
            }
        }

        return null;
    }
}
