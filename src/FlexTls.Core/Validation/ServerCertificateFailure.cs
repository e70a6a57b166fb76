namespace FlexTls;

/// <summary>One reason why a server's certificate is refused.</summary>
public sealed record ServerCertificateFailure
{
    /// <summary>The stable code (<c>FTLS5xxx</c>), described in docs/errors.md.</summary>
    public string Code { get; init; } = "";

    /// <summary>The fault and its fix, on one line.</summary>
    public string Message { get; init; } = "";

    /// <summary>What the policy requires, or <see langword="null"/> if the message is complete.</summary>
    public string? Expected { get; init; }

    /// <summary>What the server presented, or <see langword="null"/> if the message is complete.</summary>
    public string? Presented { get; init; }

    /// <summary>
    /// A short reason that reveals nothing about the certificates or the policy, for the caller of a gateway, who must
    /// not see more. Default: the message.
    /// </summary>
    public string Reason { get => field ?? Message; init; }

    /// <summary>The part of the message that describes the fix, or <see langword="null"/> if none is known.</summary>
    public string? Hint { get; init; }
}
