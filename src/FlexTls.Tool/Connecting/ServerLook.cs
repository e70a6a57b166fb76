using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// What a server shows in one handshake that trusts nobody and presents nothing. No request is sent.
/// </summary>
internal sealed record ServerLook
{
    // A chain may have ever more certificates.
    private const int MostCertificates = 20;

    /// <summary>The certificates in the order of the server; empty: the handshake did not come so far.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; private init; } = [];

    public string ApplicationProtocol { get; private init; } = "";

    /// <summary>Whether the server asks for a client certificate.</summary>
    public bool AsksForCertificate { get; private init; }

    /// <summary>Whether the server refuses a client without a certificate.</summary>
    public bool RequiresCertificate { get; private init; }

    /// <summary>Whether the server found something in the offer: it went on to ask who the client is.</summary>
    public bool AcceptsOffer => Failure is null || AsksForCertificate;

    /// <summary>Why the handshake failed; <see langword="null"/>: it did not.</summary>
    public string? Failure { get; private init; }

    /// <summary>What a server shows that says nothing.</summary>
    public static ServerLook OfSilence(string failure) => new() { Failure = failure };

    /// <param name="address">Where to connect to.</param>
    /// <param name="server">The server.</param>
    /// <param name="offer">What is offered; it must skip validation.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="System.Net.Sockets.SocketException">No connection could be made.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public static async Task<ServerLook> AtAsync(
        IPAddress address, ServerAddress server, OutboundTlsPolicy offer, CancellationToken cancellationToken)
    {
        var look = new ServerLook();
        SslClientAuthenticationOptions options;
        try
        {
            options = new TlsContextFactory().Create(offer).CreateClientOptions(server.Host);
        }
        catch (TlsHandshakeException e)
        {
            // The platform's IDNA rejects the host; under a policy, FlexTls reaches it by itself.
            return look with { Failure = e.Message };
        }

#pragma warning disable CA5359 // A look accepts every certificate: it shows what there is, and sends no request.
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            look = look with { Chain = Copy(certificate, chain) };
            return true;
        };
#pragma warning restore CA5359
        options.LocalCertificateSelectionCallback = (_, _, _, certificate, _) =>
        {
            // Without the server's certificate, it is the platform that asks, before the handshake. A server that then
            // ends the handshake has shown no more than its own.
            if (certificate is not null)
            {
                var known = look.Chain.Count > 0 ? look.Chain : Copy(certificate, null);
                look = look with { AsksForCertificate = true, Chain = known };
            }

            return null!;
        };
        var transport = await Transport.ConnectAsync(address, server.Port, cancellationToken).ConfigureAwait(false);
        var stream = new SslStream(transport);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                await Transport.WithinAsync(
                    token => StartTls.BeginAsync(server.Protocol, transport, token), cancellationToken)
                    .ConfigureAwait(false);
                await Transport.WithinAsync(
                    token => stream.AuthenticateAsClientAsync(options, token), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                return look with
                {
                    Failure = (e.InnerException ?? e).Message,
                    RequiresCertificate = look.AsksForCertificate,
                };
            }

            return look with
            {
                ApplicationProtocol = stream.NegotiatedApplicationProtocol.ToString(),
                RequiresCertificate = look.AsksForCertificate
                    && await LateVerdict.FindAsync(stream, cancellationToken).ConfigureAwait(false) is not null,
            };
        }
    }

    private static IReadOnlyList<X509Certificate2> Copy(X509Certificate? certificate, X509Chain? chain) =>
    [
        .. new[] { certificate }.Concat(chain?.ChainPolicy.ExtraStore ?? []).OfType<X509Certificate2>()
            .DistinctBy(one => one.Thumbprint).Take(MostCertificates)
            .Select(one => X509CertificateLoader.LoadCertificate(one.RawData)),
    ];
}
