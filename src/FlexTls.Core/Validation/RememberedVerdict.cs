namespace FlexTls;

/// <summary>A chain that was accepted for a host, and the time in which it would be again.</summary>
internal sealed class RememberedVerdict
{
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;

    public RememberedVerdict(PresentedChain presented, IReadOnlyList<DecodedCertificate> path)
    {
        Presented = presented;
        Result = ServerCertificateValidationResult.Of([], [.. path.Select(certificate => certificate.RawData)]);
        (_from, _until) = (path.Max(one => one.NotBefore), path.Min(one => one.NotAfter));
    }

    /// <summary>What the server sent.</summary>
    public PresentedChain Presented { get; }

    /// <summary>The verdict.</summary>
    public ServerCertificateValidationResult Result { get; }

    /// <summary>
    /// Whether all certificates of the path are valid then. The last second, about which the platform differs, is left
    /// out.
    /// </summary>
    public bool HoldsAt(DateTimeOffset now) => _from <= now && now < _until;
}
