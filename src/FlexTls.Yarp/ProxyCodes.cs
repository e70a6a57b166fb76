namespace FlexTls;

/// <summary>The codes of faults in a proxy's configuration. docs/errors.md describes each.</summary>
internal static class ProxyCodes
{
    public const string OtherClientFactory = "FTLS7031";
    public const string TlsSettingOfCluster = "FTLS7032";
    public const string PlainDestination = "FTLS7033";
}
