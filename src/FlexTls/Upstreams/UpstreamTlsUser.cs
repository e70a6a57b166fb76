namespace FlexTls;

/// <summary>Who uses an upstream.</summary>
public sealed record UpstreamTlsUser
{
    /// <summary>
    /// The user in words: <c>client 'orders'</c>, <c>cluster 'orders'</c>, <c>handler 'orders'</c>.
    /// </summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// Whether code lets it make plain requests, whatever the policy says: <c>DangerousAllowPlainHttp</c>.
    /// </summary>
    public bool AllowsPlainHttp { get; init; }

    /// <summary>
    /// Whether code has replaced its handler, so that no policy applies: <c>DangerousReplaceOutboundTls</c>.
    /// </summary>
    public bool IsReplaced { get; init; }

    /// <summary>The user on one line, with what code has weakened.</summary>
    /// <returns>The text, such as <c>client 'orders' (plain HTTP allowed)</c>.</returns>
    public override string ToString() =>
        Description + (IsReplaced ? " (handler replaced)" : AllowsPlainHttp ? " (plain HTTP allowed)" : "");

    internal static UpstreamTlsUser Of(string client, OutboundTlsRegistration registered) => new()
    {
        Description = Text.OneLine($"client '{client}'"),
        AllowsPlainHttp = registered.PlainHttpClients.Contains(client),
        IsReplaced = registered.Replacements.ContainsKey(client),
    };
}
