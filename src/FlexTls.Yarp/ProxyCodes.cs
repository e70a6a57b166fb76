namespace FlexTls;

/// <summary>The codes of faults in a proxy's configuration. docs/errors.md describes each.</summary>
internal static class ProxyCodes
{
    public const string OtherClientFactory = "FTLS7031";
    public const string TlsSettingOfCluster = "FTLS7032";
    public const string PlainDestination = "FTLS7033";
    public const string ForwarderWithoutClient = "FTLS7034";
    public const string NamedTwice = "FTLS7035";
    public const string NotChecked = "FTLS7037";

    public static TlsPolicyDiagnostic Fault(string code, string message) =>
        new(code, TlsPolicyDiagnosticSeverity.Error, message, null, 0, 0);
}
