namespace FlexTls;

/// <summary>The categories of log lines, by which operators filter them.</summary>
internal static class LogCategories
{
    /// <summary>Policies: what was found in them, what weakens security, and what watches them.</summary>
    public const string Policies = "FlexTls.Policies";

    /// <summary>Connections and requests that fail or are refused.</summary>
    public const string Handshakes = "FlexTls.Handshakes";

    /// <summary>Generations that are put in force, wait or are drained.</summary>
    public const string Rotation = "FlexTls.Rotation";

    /// <summary>Certificates that expire.</summary>
    public const string Expiry = "FlexTls.Expiry";
}
