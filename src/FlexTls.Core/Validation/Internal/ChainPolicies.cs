using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>The two ways in which the platform is told to judge a chain. Neither ever touches the network.</summary>
internal static class ChainPolicies
{
    /// <summary>
    /// Strict by itself: the anchors of the policy (or the system's) and nothing else, for servers only. Whoever
    /// replaces the callback in options that hold it can only lose checks that come on top.
    /// </summary>
    public static X509ChainPolicy Strict(TrustAnchors? anchors)
    {
        var policy = Offline();
        policy.ApplicationPolicy.Add(new Oid(CertificateExtensions.ServerAuth));
        if (anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(anchors.Certificates.ToArray());
        }

        return policy;
    }

    /// <summary>
    /// As little work as the platform can be made to do, because the validator does it all afterwards: only for
    /// streams that are never handed out unless the validator has run.
    /// </summary>
    public static X509ChainPolicy Deferred()
    {
        var policy = Offline();
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.VerificationFlags = X509VerificationFlags.AllFlags;
        return policy;
    }

    private static X509ChainPolicy Offline() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
