using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The terms on which a context meets a server: the client certificate, the validator, and the name to verify.
/// </summary>
internal sealed class Approach
{
    private readonly ClientOptions _options;
    private readonly HostName? _serverName;

    private Approach(ClientOptions options, ServerCertificateValidator? validator, HostName? serverName) =>
        (_options, Validator, _serverName) = (options, validator, serverName);

    /// <summary><see langword="null"/> if the policy skips validation.</summary>
    public ServerCertificateValidator? Validator { get; }

    /// <summary>Whether a server that asks for a client certificate gets one.</summary>
    public bool PresentsCertificate => _options.HasIdentity;

    /// <summary>The upstream of the policy.</summary>
    public static Approach ToUpstream(
        OutboundTlsPolicy policy, string? name, CipherOffer offer, LoadedIdentity? identity, TimeProvider clock) => new(
        new ClientOptions(offer.Versions, offer.Policy, identity?.Context, policy.DangerousSkipValidation),
        policy.DangerousSkipValidation ? null : ServerCertificateValidator.ForUpstream(policy, name, clock),
        policy.ServerHost);

    /// <summary>
    /// A redirect target at another authority: it gets no client certificate and is always validated.
    /// </summary>
    public static Approach ToRedirectTarget(
        OutboundTlsPolicy policy, string? name, CipherOffer offer, TimeProvider clock) => new(
        new ClientOptions(offer.Versions, offer.Policy, identity: null, skipsValidation: false),
        ServerCertificateValidator.ForRedirectTarget(policy, name, clock),
        serverName: null);

    /// <summary>The name to send and verify for a connection to a host.</summary>
    /// <exception cref="ArgumentException">The host is empty or not a host name.</exception>
    public HostName NameFor(string host)
    {
        var connected = HostName.Parse(host);
        return _serverName ?? connected;
    }

    /// <summary>Options for one handshake that the context itself runs and judges.</summary>
    public SslClientAuthenticationOptions OwnOptions(
        IEnumerable<SslApplicationProtocol> offered, HandshakeVerification verification) =>
        _options.Create(
            verification.Host.Text, offered, Validator?.CreateChainPolicy() ?? ChainPolicies.TrustingNobody(),
            verification.Verify);

    /// <summary>Options for handshakes that other code runs: their chain policy is strict by itself.</summary>
    public void FillForeign(
        SslClientAuthenticationOptions options, string? host, X509ChainPolicy strict,
        RemoteCertificateValidationCallback verify) => _options.Fill(options, host, strict, verify);
}
