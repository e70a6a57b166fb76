#pragma warning disable RS0030 // The platform's callback hands over an X509Chain.
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Validation;

/// <summary>
/// The validation callback of one handshake, and whether it was asked. Until the validator has said yes, the verdict
/// is no. Without a validator the policy skips validation, and every certificate is accepted.
/// </summary>
/// <param name="validator">The validator.</param>
/// <param name="hostOf">The host that a stream is for.</param>
/// <param name="isChainOurs">
/// Whether the platform builds its chain under <see cref="ServerCertificateValidator.CreateChainPolicy"/>, in options
/// that nobody else can touch: then it is the chain that is judged, and no second one is built, which would double the
/// cost of the validation. Any other chain is not looked at.
/// </param>
internal sealed class HandshakeVerification(ServerCertificateValidator? validator, Func<object, HostName> hostOf, bool isChainOurs = false)
{
    public HandshakeVerification(ServerCertificateValidator? validator, HostName host)
        : this(validator, _ => host)
    {
    }

    /// <summary>Whether the callback ran and accepted; of the last handshake, where options are used for several.</summary>
    public bool Accepted { get; private set; }

    /// <summary>The verdict, or <see langword="null"/> as long as the callback did not run or validation is skipped.</summary>
    public ServerCertificateValidationResult? Result { get; private set; }

    /// <summary>The <see cref="RemoteCertificateValidationCallback"/>. What the platform thinks of the name is not looked at: it would take a common name.</summary>
    public bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors platformFindings)
    {
        Accepted = false;
        if (validator is null)
        {
            return Accepted = true;
        }

        var (server, host) = (certificate as X509Certificate2, hostOf(sender));
        Result = isChainOurs && chain is not null
            ? validator.Validate(server, leaf => CertificateChain.OfHandshake(leaf, chain, platformFindings), host)
            : validator.Validate(server, chain?.ChainPolicy.ExtraStore ?? [], host);
        return Accepted = Result.IsValid;
    }
}
