#pragma warning disable RS0030 // The platform's callback hands over an X509Chain; only the certificates the server sent are taken from it.
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Validation;

/// <summary>
/// The validation callback of one handshake, and whether it was asked. Until the validator has said yes, the verdict
/// is no. Without a validator the policy skips validation, and every certificate is accepted.
/// </summary>
internal sealed class HandshakeVerification(ServerCertificateValidator? validator, Func<object, HostName> hostOf)
{
    public HandshakeVerification(ServerCertificateValidator? validator, HostName host)
        : this(validator, _ => host)
    {
    }

    /// <summary>Whether the callback ran and accepted; of the last handshake, where options are used for several.</summary>
    public bool Accepted { get; private set; }

    /// <summary>The verdict, or <see langword="null"/> as long as the callback did not run or validation is skipped.</summary>
    public ServerCertificateValidationResult? Result { get; private set; }

    /// <summary>The <see cref="RemoteCertificateValidationCallback"/>. The platform's own findings are not looked at: the validator repeats them all.</summary>
    public bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors platformFindings)
    {
        Accepted = false;
        if (validator is null)
        {
            return Accepted = true;
        }

        Result = validator.Validate(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? [], hostOf(sender));
        return Accepted = Result.IsValid;
    }
}
