namespace FlexTls;

/// <summary>The section of a configuration, and the keys in it.</summary>
internal static class SectionKeys
{
    /// <summary>The section's usual name.</summary>
    public const string Section = "OutboundTls";

    public const string PolicyFiles = "PolicyFiles";

    public const string Upstreams = "Upstreams";
}
