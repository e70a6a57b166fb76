namespace FlexTls;

/// <summary>One reason why a server's certificate is refused.</summary>
/// <param name="Code">The stable code (<c>FTLS5xxx</c>), described in docs/errors.md.</param>
/// <param name="Message">The fault and its fix, on one line.</param>
/// <param name="Expected">What the policy requires, or <see langword="null"/> if the message is complete.</param>
/// <param name="Presented">What the server presented, or <see langword="null"/> if the message is complete.</param>
public sealed record ServerCertificateFailure(string Code, string Message, string? Expected, string? Presented)
{
    /// <summary>
    /// A short reason that reveals nothing about the certificates or the policy, for the caller of a gateway, who must
    /// not see more. Default: the message.
    /// </summary>
    public string Reason { get; init; } = Message;

    /// <summary>The part of the message that describes the fix, or <see langword="null"/> if none is known.</summary>
    public string? Hint { get; init; }
}
