using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FlexTls.Recipes;

/// <summary>Kestrel, which requires a client certificate, and answers with the authorization.</summary>
internal static class WebServer
{
    public static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            Respond = context => context.Response.WriteAsync(
                context.Request.Headers.Authorization.ToString(), context.RequestAborted),
        },
        Deadline.Token());

    /// <summary>The subject of the client certificate that the last request came with.</summary>
    public static string? Subject(this HttpUpstream server) => server.Requests.Last().ClientCertificate;
}
