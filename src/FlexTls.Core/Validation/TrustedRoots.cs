using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>Whom a policy trusts: its own anchors, the operating system's, or both.</summary>
internal sealed class TrustedRoots(TrustAnchors? anchors, bool trustsSystem, string? owner)
{
    private const int MostShown = 3;
    private readonly ILookup<DistinguishedName, DecodedCertificate> _bySubject =
        (anchors?.Certificates ?? []).ToLookup(anchor => anchor.SubjectName);

    /// <summary>The policy's own; <see langword="null"/>: none.</summary>
    public TrustAnchors? Anchors => anchors;

    /// <summary>Whether the operating system's count.</summary>
    public bool IncludeSystem { get; } = anchors is null || trustsSystem;

    /// <summary>
    /// The policy's own anchor that is this certificate, byte for byte; what is read of it stays read.
    /// </summary>
    public DecodedCertificate? Find(X509Certificate2 certificate) => anchors?.Find(certificate.RawDataMemory);

    public bool IsOwnAnchor(DecodedCertificate certificate) => anchors?.Find(certificate.RawData) is not null;

    /// <summary>Whether a path may end in this certificate.</summary>
    public bool IsAnchor(DecodedCertificate certificate) =>
        IsOwnAnchor(certificate) || (IncludeSystem && SystemRoots.Current.Contains(certificate));

    /// <summary>Every trusted certificate of that name, the policy's own first.</summary>
    public IEnumerable<DecodedCertificate> Named(DistinguishedName subject) =>
        IncludeSystem ? _bySubject[subject].Concat(SystemRoots.Current.Named(subject)) : _bySubject[subject];

    /// <summary>For messages.</summary>
    public string InWords => anchors is null
        ? "the CAs of the operating system"
        : $"the {(anchors.Certificates.Count > 1 ? $"{anchors.Certificates.Count} " : "")}"
            + $"trusted CAs{(owner is null ? "" : $" of policy '{owner}'")} "
            + $"({string.Join("; ", anchors.Certificates.Take(MostShown).Select(ca => NameText.Of(ca.Subject)))}"
            + $"{(anchors.Certificates.Count > MostShown ? $" and {anchors.Certificates.Count - MostShown} more" : "")}"
            + $"{(IncludeSystem ? ", and those of the operating system" : "")})";
}
