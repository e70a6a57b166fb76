using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The connections of one handler through a proxy. The pool itself makes their TLS, so this first refuses every request
/// for which the pool would not do what the policy demands.
/// </summary>
internal sealed class Tunnels(
    HandlerBlueprint blueprint, UpstreamGeneration generation, OpenTunnels open, bool isForRedirectTargets)
{
    private readonly Upstream _upstream = blueprint.Upstream;

    private ContextGeneration InForce => _upstream.Current.Context;

    private HandshakeFailures Failures => InForce.Failures;

    /// <summary>
    /// Checks the conditions for connecting to a proxy. Returns the server behind it; <see langword="null"/>: there
    /// will be no TLS.
    /// </summary>
    /// <param name="request">
    /// The pool's own message to the proxy, which asks for a tunnel; or, through SOCKS or without TLS, the request that
    /// needs the connection. A caller may change that request meanwhile: then the name of the tunnel is not the one
    /// that the pool sends, and the handshake is refused.
    /// </param>
    /// <exception cref="TlsHandshakeException">The policy cannot be kept through the proxy.</exception>
    public Authority? Check(HttpRequestMessage request)
    {
        var destination = request.RequestUri is TunnelAddress tunnel ? tunnel.Destination
            : request.IsTls() ? Authority.Of(request.RequestUri!)
            : (Authority?)null;
        if (destination is { } server)
        {
            CheckTunnel(server);
        }

        return destination;
    }

    /// <summary>
    /// Wraps a transport through a proxy to a server. It counts as a connection of the generation whose client
    /// certificate the handler presents.
    /// </summary>
    public Stream Add(Stream transport, Authority destination) =>
        Add(transport, new OpenTunnels.Connection(destination, isForRedirectTargets, open)
        {
            IsHidden = blueprint.HidesTunnels,
        });

    /// <summary>Wraps a transport without TLS, to a server or a proxy. Its generation counts and ends it too.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="peer">Where it leads.</param>
    /// <param name="address">The address of the request that needs it.</param>
    /// <exception cref="TlsHandshakeException">The policy now in force forbids it.</exception>
    public Stream AddPlain(Stream transport, Authority peer, Uri address)
    {
        var connection = new OpenTunnels.Connection(peer, isForRedirectTargets, open)
        {
            IsPlain = true,
            NeedsPlainHttp = !blueprint.AllowsPlainHttp,
        };
        var stream = Add(transport, connection);

        // In this order, so that a swap in between either ends the connection or is seen here.
        if (PlainHttp.Refusal(InForce, blueprint.AllowsPlainHttp, address) is not { } refusal)
        {
            return stream;
        }

        stream.CloseInBackground();
        throw Logged(refusal);
    }

    /// <summary>
    /// Options for the TLS connections that the handler itself makes. It fills in the application protocols and the
    /// server name; the name must be the tunnel's destination, and is verified.
    /// </summary>
    public SslClientAuthenticationOptions CreateOptions()
    {
        var (context, own) = (generation.Context, generation.Context.ApproachTo(isForRedirectTargets));
        var options = new SslClientAuthenticationOptions();
        own.FillForeign(options, host: null, ChainPolicies.Strict(context.Policy.TrustAnchors), Judge);
        return options;

        bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            long? number = null;
            try
            {
                var stream = (SslStream)sender;
                var host = HostName.Parse(stream.TargetHostName);

                // In this order, so that a swap in between either judges the chain or is seen here.
                number = Presented(stream, host, PresentedCertificate.Chain(certificate, chain));
                var judge = InForce;
                var approach = judge.ApproachTo(isForRedirectTargets);
                if (approach.NameFor(host.Text) != host)
                {
                    throw judge.Failures.Create(DiagnosticCodes.ServerNameThroughProxy, host.Shown,
                        "the policy now has a serverName other than the host, "
                        + "and through a proxy the handler sent the host.",
                        "the upstream can be reached without the proxy, or by a URI with that host");
                }

                if (!isForRedirectTargets && judge.Policy.RequireMutualTls)
                {
                    throw judge.Failures.MutualNotVerifiable(host.Shown);
                }

                // The handler presents the certificate of its own generation, and others may resume its sessions: the
                // server must be one that this generation has validated, whatever is in force by now.
                var needsOwn = approach != own && (own.PresentsCertificate || approach.Validator is null);
                return (!needsOwn
                        || own.Handshake.ThrowingCallback(own.Validator, host)(sender, certificate, chain, errors))
                    && approach.Handshake.ThrowingCallback(approach.Validator, host)(
                        sender, certificate, chain, errors);
            }
            catch (TlsHandshakeException e)
            {
                _upstream.Log.Failed(e, Answers.IsOfUpstream, number);
                throw;
            }
        }
    }

    /// <summary>Takes over the pool's streams when their handshakes are complete.</summary>
    public TunnelAnswers Answers { get; } = new(blueprint, generation, isForRedirectTargets);

    /// <inheritdoc cref="OpenTunnels.HasAny"/>
    public bool HasAny => open.HasAny;

    /// <inheritdoc cref="OpenTunnels.HadWaiting"/>
    public bool HadWaiting() => open.HadWaiting();

    /// <summary>Records the certificates that the server of a stream has presented, before they are judged.</summary>
    /// <param name="stream">The pool's TLS stream over the tunnel.</param>
    /// <param name="host">The server name that the pool sent, which the server must prove.</param>
    /// <param name="chain">The certificates.</param>
    /// <returns>The number of the connection; <see langword="null"/>: it is not known which one it is.</returns>
    /// <exception cref="TlsHandshakeException">The tunnel leads to another host.</exception>
    private long? Presented(SslStream stream, HostName host, PresentedChain chain)
    {
        var tunnel = blueprint.HidesTunnels ? null : TunnelSearch.Under(stream) as Tunnel;
        if (tunnel is null ? !open.HasUnansweredTo(host) : !tunnel.Connection.LeadsTo(host))
        {
            throw Failures.Create(DiagnosticCodes.ServerNameThroughProxy, host.Text,
                "the handler sent this name, and would verify it, in a tunnel to another host.",
                "a Host header that was written meanwhile chose the name");
        }

        if (tunnel is not null)
        {
            tunnel.Connection.Keep(chain);
            Answers.Expect(stream, tunnel);
            tunnel.Connection.ServerAnswer.Came();
        }
        else
        {
            open.LoseChain();
        }

        return tunnel?.Connection.Number;
    }

    private Tunnel Add(Stream transport, OpenTunnels.Connection connection)
    {
        var tunnel = new Tunnel(transport, connection);
        if (open.TryAdd(connection))
        {
            return tunnel;
        }

        tunnel.CloseInBackground();
        throw Failures.Create(DiagnosticCodes.NotSentAgain, connection.Host,
            "the request has waited for its connection since before the policy was replaced.",
            "the request can be sent again");
    }

    private void CheckTunnel(Authority destination)
    {
        var host = HostName.TryParse(destination.Host);
        if (host is { IsForForeignStreams: false })
        {
            throw Logged(Failures.HostOutsideIdna(host));
        }

        if (isForRedirectTargets)
        {
            return;
        }

        // The handler presents the certificate of its own generation, and the server is judged by the one in force.
        ContextGeneration[] both = [generation.Context, InForce];
        if (Array.Find(both, context => context.Policy.RequireMutualTls) is { } mutual)
        {
            throw Logged(mutual.Failures.MutualNotVerifiable(destination.Host));
        }

        if (both.Select(context => context.Policy.ServerHost)
            .FirstOrDefault(name => name is not null && host != name) is { } name)
        {
            throw Logged(Failures.Create(DiagnosticCodes.ServerNameThroughProxy, destination.Host,
                $"the policy's serverName is {name.Shown}, "
                + "and through a proxy the handler can send and verify only the host of the request.",
                "the upstream can be reached without the proxy, or by a URI with that host"));
        }
    }

    private TlsHandshakeException Logged(TlsHandshakeException failure)
    {
        _upstream.Log.Failed(failure, isOfUpstream: false);
        return failure;
    }
}
