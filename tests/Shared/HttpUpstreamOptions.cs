using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FlexTls.Support;

/// <summary>How an <see cref="HttpUpstream"/> behaves.</summary>
internal sealed record HttpUpstreamOptions(X509Certificate2 Certificate)
{
    public HttpProtocols Protocols { get; init; } = HttpProtocols.Http1AndHttp2;

    /// <summary>Any certificate is accepted, unless <see cref="TrustsClient"/> says otherwise.</summary>
    public ClientCertificateMode ClientCertificates { get; init; } = ClientCertificateMode.NoCertificate;

    public Func<X509Certificate2, bool> TrustsClient { get; init; } = _ => true;

    public SslProtocols Versions { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The address to listen on.</summary>
    public System.Net.IPAddress Address { get; init; } = System.Net.IPAddress.Loopback;

    /// <summary>Whether the port speaks plain HTTP.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Runs when a connection came, before a byte of it is answered.</summary>
    public Func<Task> BeforeTls { get; init; } = () => Task.CompletedTask;

    /// <summary>Adds services, for servers that have some.</summary>
    public Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? Services { get; init; }

    /// <summary>Adds middleware and endpoints before <see cref="Respond"/>.</summary>
    public Action<Microsoft.AspNetCore.Builder.WebApplication>? Configure { get; init; }

    /// <summary>The answer; by default the protocol that the server saw.</summary>
    public RequestDelegate Respond { get; init; } = context => context.Response.WriteAsync(context.Request.Protocol, context.RequestAborted);
}
