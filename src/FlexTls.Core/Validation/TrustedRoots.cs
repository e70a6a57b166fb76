using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>The trust anchors of a policy: its own, the operating system's, or both.</summary>
internal sealed class TrustedRoots(TrustAnchors? anchors, bool trustsSystem, string? owner)
{
    private const int MostShown = 3;
    private readonly ILookup<DistinguishedName, DecodedCertificate> _bySubject =
        (anchors?.Certificates ?? []).ToLookup(anchor => anchor.SubjectName);

    /// <summary>The policy's own anchors; <see langword="null"/>: none.</summary>
    public TrustAnchors? Anchors => anchors;

    /// <summary>Whether the operating system's anchors count.</summary>
    public bool IncludeSystem { get; } = anchors is null || trustsSystem;

    /// <summary>The policy's own anchor that equals this certificate byte for byte; it stays decoded.</summary>
    public DecodedCertificate? Find(X509Certificate2 certificate) => anchors?.Find(certificate.RawDataMemory);

    public bool IsOwnAnchor(DecodedCertificate certificate) => anchors?.Find(certificate.RawData) is not null;

    /// <summary>Whether a path may end in this certificate.</summary>
    public bool IsAnchor(DecodedCertificate certificate) =>
        IsOwnAnchor(certificate) || (IncludeSystem && SystemRoots.Current.Contains(certificate));

    /// <summary>All trusted certificates of that name, the policy's own first.</summary>
    public IEnumerable<DecodedCertificate> Named(DistinguishedName subject) =>
        IncludeSystem ? _bySubject[subject].Concat(SystemRoots.Current.Named(subject)) : _bySubject[subject];

    /// <summary>The anchors in words, for messages.</summary>
    public string InWords => anchors is null
        ? "the CAs of the operating system"
        : $"the {(anchors.Certificates.Count > 1 ? $"{anchors.Certificates.Count} " : "")}"
            + $"trusted CAs{(owner is null ? "" : $" of policy '{owner}'")} "
            + $"({string.Join("; ", anchors.Certificates.Take(MostShown).Select(ca => NameText.Of(ca.Subject)))}"
            + $"{(anchors.Certificates.Count > MostShown ? $" and {anchors.Certificates.Count - MostShown} more" : "")}"
            + $"{(IncludeSystem ? ", and those of the operating system" : "")})";
}
