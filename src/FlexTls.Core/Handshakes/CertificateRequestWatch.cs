using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Whether the server of one handshake may have asked for a client certificate. A server that did not cannot refuse the
/// client after the handshake, so there is no need to wait for a refusal.
/// </summary>
internal sealed class CertificateRequestWatch
{
    private CertificateRequestWatch(bool mayHaveAsked) => MayHaveAsked = mayHaveAsked;

    public bool MayHaveAsked { get; private set; }

    /// <summary>Watches the handshake of these options.</summary>
    public static CertificateRequestWatch Over(SslClientAuthenticationOptions options)
    {
        // If the options have a certificate, the platform does not ask which one to use, and so does not show whether
        // the server wants one. That it asks again when the server does is known only of Linux.
        if (!OperatingSystem.IsLinux() || options.ClientCertificateContext is not null)
        {
            return new CertificateRequestWatch(mayHaveAsked: true);
        }

        var watch = new CertificateRequestWatch(mayHaveAsked: false);
        options.LocalCertificateSelectionCallback = watch.SelectNone;
        return watch;
    }

    /// <summary>
    /// The platform asks before the handshake, and again, with the server's certificate, if the server wants one.
    /// </summary>
    private X509Certificate SelectNone(
        object sender, string host, X509CertificateCollection local, X509Certificate? remote, string[] issuers)
    {
        MayHaveAsked |= remote is not null || issuers.Length > 0;
        return null!;
    }
}
