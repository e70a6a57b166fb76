#pragma warning disable RS0030 // The platform's callback hands over an X509Chain.
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The validation callback of one handshake that the context runs itself, and whether the platform called it. The
/// verdict is a refusal until the validator accepts. Without a validator the policy skips validation, and every
/// certificate is accepted.
/// </summary>
/// <param name="validator">Judges the server; <see langword="null"/>: every server is accepted.</param>
/// <param name="host">The name that is sent and verified.</param>
/// <param name="newest">
/// The certificates that the server presented last, if a resumed session must be of the same certificate.
/// </param>
/// <remarks>
/// The platform builds its chain under <see cref="CreateChainPolicy"/>, in options that no other code can change, so
/// that chain is judged and no second one is built; unless a chain of the host was accepted before. Then the platform's
/// chain is a formality: the server's is compared with the accepted one, and if it differs, another is built.
/// </remarks>
internal sealed class HandshakeVerification(
    ServerCertificateValidator? validator, HostName host, PresentedChain? newest = null)
{
    private bool _isFormality;

    /// <summary>The name that is sent and verified.</summary>
    public HostName Host => host;

    /// <summary>Cancels the verification when the handshake ends.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What is seen of the handshake on its way.</summary>
    public HandshakeTrace? Trace { get; set; }

    /// <summary>Shows whether the server asks for a certificate; <see langword="null"/>: unknown.</summary>
    public CertificateRequestWatch? Request { get; set; }

    /// <summary>The server's hello; <see langword="null"/>: none was read yet.</summary>
    public ServerHello? Hello => Trace?.Hello;

    /// <summary>Whether the session that was resumed is of another certificate than the server's newest.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>Whether the callback ran.</summary>
    public bool WasCalled { get; private set; }

    /// <summary>Whether the callback ran and accepted.</summary>
    public bool Accepted { get; private set; }

    /// <summary>The certificates that the server presented.</summary>
    public PresentedChain Presented { get; private set; } = PresentedChain.None;

    /// <summary>The verdict; <see langword="null"/> if the callback has not run or validation is skipped.</summary>
    public ServerCertificateValidationResult? Result { get; private set; }

    /// <summary>The chain policy for the options of the handshake.</summary>
    public X509ChainPolicy CreateChainPolicy()
    {
        _isFormality = validator?.Recall(host) is not null;
        return validator is null ? ChainPolicies.TrustingNobody()
            : _isFormality ? ChainPolicies.OfRememberedChain()
            : validator.CreateChainPolicy();
    }

    /// <summary>
    /// The <see cref="RemoteCertificateValidationCallback"/>. It ignores the platform's name check, which would accept
    /// a common name.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's token was canceled; the certificate is not
    /// accepted.</exception>
    public bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors platformFindings)
    {
        WasCalled = true;
        Presented = PresentedCertificate.Chain(certificate, chain);
        if (validator is null)
        {
            return Accepted = true;
        }

        if (newest is not null && Hello is { IsResumed: true } && !Presented.HasLeafOf(newest))
        {
            IsOutdated = true;
            return false;
        }

        if (_isFormality && validator.Recall(host) is { } known && known.Presented.Is(Presented))
        {
            // The same bytes, which are held anyway.
            (Presented, Result) = (known.Presented, known.Result);
            return Accepted = true;
        }

        var server = certificate as X509Certificate2;
        Result = chain is null || _isFormality
            ? validator.Validate(server, chain?.ChainPolicy.ExtraStore ?? [], host, Presented, CancellationToken)
            : validator.Validate(
                server, chain.ChainPolicy.ExtraStore,
                leaf => CertificateChain.OfHandshake(leaf, chain, platformFindings), host, Presented,
                CancellationToken);
        return Accepted = Result.IsValid;
    }
}
