using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>The chain policies for the platform. None of them ever uses the network.</summary>
internal static class ChainPolicies
{
    /// <summary>
    /// Strict by itself: it trusts only the anchors of the policy (or the system's), and only for servers. Code that
    /// replaces the callback in options with this policy can only lose additional checks. An anchor that is not a CA
    /// vouches only for itself, which the platform cannot express; the callback judges it.
    /// </summary>
    public static X509ChainPolicy Strict(TrustAnchors? anchors) =>
        Trusting(anchors?.Certificates.Where(anchor => anchor.IsAuthority).Select(anchor => anchor.Platform));

    /// <summary>For the validator, which sets the time and checks the chain's anchor and names itself.</summary>
    public static X509ChainPolicy ForValidator(TrustAnchors? anchors) =>
        WithoutHost(Trusting(anchors?.Certificates.Select(anchor => anchor.Platform)));

    /// <summary>
    /// For one path: to this anchor of the policy, or, if <see langword="null"/>, to one of the operating system's.
    /// </summary>
    /// <param name="anchor">The anchor.</param>
    /// <param name="between">
    /// The CAs below it. On Linux they then take precedence over CAs of the same name in the operating system's store;
    /// only self-signed ones would become trusted that way. The caller accepts no other path anyway.
    /// </param>
    /// <param name="verificationTime">The time for which the path is judged.</param>
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
    /// The least work that the platform can do, for a stream whose server probably presents a chain that was accepted
    /// before. Its findings are worth nothing: only for a stream that is closed unless the validator has accepted.
    /// </summary>
    public static X509ChainPolicy OfRememberedChain()
    {
        var policy = TrustingNobody();
        policy.VerificationFlags = X509VerificationFlags.AllFlags;
        return policy;
    }

    /// <summary>
    /// The least work that the platform can do, for streams whose server is not validated. It trusts no certificate:
    /// without the callback that accepts every server, none is accepted.
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
