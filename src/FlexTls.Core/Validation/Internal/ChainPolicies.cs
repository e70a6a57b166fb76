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
    /// <param name="anchors">The anchors, or <see langword="null"/> for the system's.</param>
    /// <param name="verificationTime">When to judge at, or <see langword="null"/> for the time of each handshake by the system's clock.</param>
    public static X509ChainPolicy Strict(TrustAnchors? anchors, DateTimeOffset? verificationTime = null)
    {
        var policy = Offline();
        policy.ApplicationPolicy.Add(new Oid(CertificateExtensions.ServerAuth));
        if (anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(anchors.Certificates.ToArray());
        }

        if (verificationTime is { } time)
        {
            policy.VerificationTime = time.UtcDateTime;
        }

        return policy;
    }

    /// <summary>
    /// As little work as the platform can be made to do, for streams whose server is not validated. It trusts nobody:
    /// where the callback that accepts every server is not asked, none is accepted.
    /// </summary>
    public static X509ChainPolicy TrustingNobody()
    {
        var policy = Offline();
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        return policy;
    }

    private static X509ChainPolicy Offline() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
