namespace FlexTls;

/// <summary>
/// Whether a name in a certificate matches a host, or another name that a policy expects (RFC 9525, section 6).
/// </summary>
internal static class HostMatch
{
    public static bool IsFor(GeneralName presented, HostName host) => presented.IsProper && (host.Address is null
        ? presented.Form == GeneralName.DnsName && IsDnsName(presented.Text, host.Text)
        : presented.Form == GeneralName.IPAddressForm && presented.ToAddress().Equals(host.Address));

    public static bool IsFor(GeneralName presented, ExpectedName expected) => presented.IsProper && expected.Kind switch
    {
        ExpectedNameKind.Dns => presented.Form == GeneralName.DnsName && IsDnsName(presented.Text, expected.Text),
        ExpectedNameKind.Uri => presented.Form == GeneralName.Uri
            && string.Equals(presented.Text, expected.Text, StringComparison.Ordinal),
        ExpectedNameKind.IP => presented.Form == GeneralName.IPAddressForm
            && presented.ToAddress().Equals(expected.Address),
        _ => false,
    };

    /// <summary>At least two labels must follow the wildcard.</summary>
    public static bool IsTooWide(string name) =>
        name.StartsWith("*.", StringComparison.Ordinal) && name.IndexOf('.', 2) < 0;

    private static bool IsDnsName(string name, string host) =>
        string.Equals(name, host, StringComparison.OrdinalIgnoreCase)
            || (!IsTooWide(name) && DnsLabels.IsByWildcard(name, host));
}
