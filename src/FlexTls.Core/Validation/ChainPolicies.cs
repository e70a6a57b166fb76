using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>The ways in which the platform is told to judge a chain. Neither ever touches the network.</summary>
internal static class ChainPolicies
{
    /// <summary>
    /// Strict by itself: the anchors of the policy (or the system's) and nothing else, for servers only. Whoever
    /// replaces the callback in options that hold it can only lose checks that come on top. An anchor that is no CA
    /// vouches for itself alone, which the platform cannot be told; so it is left to the callback.
    /// </summary>
    public static X509ChainPolicy Strict(TrustAnchors? anchors) =>
        Trusting(anchors?.Certificates.Where(anchor => anchor.IsAuthority).Select(anchor => anchor.Platform));

    /// <summary>For the validator, which sets the time and checks the chain's anchor and names itself.</summary>
    public static X509ChainPolicy ForValidator(TrustAnchors? anchors) =>
        WithoutHost(Trusting(anchors?.Certificates.Select(anchor => anchor.Platform)));

    /// <summary>
    /// For one path: to this anchor of the policy; or, for <see langword="null"/>, to one of the operating system's.
    /// </summary>
    /// <param name="anchor">The anchor.</param>
    /// <param name="between">
    /// The CAs below it. On Linux they then take precedence over CAs of the same name in the operating system's store;
    /// only self-signed ones would become trusted by that. The caller accepts no other path anyway.
    /// </param>
    /// <param name="verificationTime">The time.</param>
    public static X509ChainPolicy ForPath(
        DecodedCertificate? anchor, IEnumerable<DecodedCertificate> between, DateTimeOffset verificationTime)
    {
        var policy = Trusting(anchor is null ? null
            : [anchor.Platform, .. between.Where(issuer => OperatingSystem.IsLinux() && !issuer.IsSelfIssued)
                .Select(issuer => issuer.Platform)]);
        policy.VerificationTime = verificationTime.UtcDateTime;
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
        return WithoutHost(policy);
    }

    /// <summary>
    /// Without the platform's host check, which throws for a host that its IDNA rejects, such as <c>www-.lab</c>.
    /// </summary>
    private static X509ChainPolicy WithoutHost(X509ChainPolicy policy)
    {
        policy.VerificationFlags |= X509VerificationFlags.IgnoreInvalidName;
        return policy;
    }

    private static X509ChainPolicy Trusting(IEnumerable<X509Certificate2>? roots)
    {
        var policy = Offline();
        policy.ApplicationPolicy.Add(new Oid(DecodedCertificate.ServerAuth));
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots.ToArray());
        }

        return policy;
    }

    private static X509ChainPolicy Offline() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
