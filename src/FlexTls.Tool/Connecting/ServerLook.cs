#pragma warning disable CA5359 // A look accepts every certificate: it shows what there is, and sends nothing.
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// What a server shows in one handshake that trusts nobody and presents nothing. Nothing is sent over the connection.
/// </summary>
internal sealed record ServerLook
{
    // A chain may have ever more certificates.
    private const int MostCertificates = 20;

    // A server of TLS 1.3 refuses a missing client certificate after the handshake.
    private static readonly TimeSpan LateRefusal = TimeSpan.FromSeconds(1);

    /// <summary>The certificates in the order of the server; empty: the handshake did not come so far.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; private init; } = [];

    public string ApplicationProtocol { get; private init; } = "";

    /// <summary>Whether the server asks for a client certificate.</summary>
    public bool AsksForCertificate { get; private init; }

    /// <summary>Whether the server refuses a client without a certificate.</summary>
    public bool RequiresCertificate { get; private init; }

    /// <summary>Whether the server found something in the offer: it went on to ask who the client is.</summary>
    public bool HasCommonGround => Failure is null || AsksForCertificate;

    /// <summary>Why the handshake failed; <see langword="null"/>: it did not.</summary>
    public string? Failure { get; private init; }

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
        var options = new TlsContextFactory().Create(offer).CreateClientOptions(server.Host);
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            look = look with { Chain = Copy(certificate, chain) };
            return true;
        };
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
                RequiresCertificate = look.AsksForCertificate && stream.SslProtocol == SslProtocols.Tls13
                    && await IsRefusedLateAsync(stream, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    /// <summary>Whether the server ends a new connection without an answer.</summary>
    private static async Task<bool> IsRefusedLateAsync(SslStream stream, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LateRefusal);
        try
        {
            return await stream.ReadAsync(new byte[1], deadline.Token).ConfigureAwait(false) == 0;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static IReadOnlyList<X509Certificate2> Copy(X509Certificate? certificate, X509Chain? chain) =>
    [
        .. new[] { certificate }.Concat(chain?.ChainPolicy.ExtraStore ?? []).OfType<X509Certificate2>()
            .DistinctBy(one => one.Thumbprint).Take(MostCertificates)
            .Select(one => X509CertificateLoader.LoadCertificate(one.RawData)),
    ];
}
