namespace FlexTls;

/// <summary>One reason why a server's certificate is refused.</summary>
/// <param name="Code">The stable code (<c>FTLS5xxx</c>), described in docs/errors.md.</param>
/// <param name="Message">What is wrong and what would mend it, in one line.</param>
/// <param name="Expected">What the policy wants, or <see langword="null"/> where the message says it all.</param>
/// <param name="Presented">What the server showed, or <see langword="null"/> where the message says it all.</param>
public sealed record ServerCertificateFailure(string Code, string Message, string? Expected, string? Presented)
{
    /// <summary>
    /// What is wrong in a few words, which say nothing about the certificates or the policy: for whoever asked a
    /// gateway and is not to know more. Default: the message.
    /// </summary>
    public string Reason { get; init; } = Message;

    /// <summary>
    /// The part of the message that says what would mend it, or <see langword="null"/> where nothing is known.
    /// </summary>
    public string? Hint { get; init; }
}
