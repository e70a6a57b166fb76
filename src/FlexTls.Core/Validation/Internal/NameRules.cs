using System.Security.Cryptography.X509Certificates;
using FlexTls.Diagnostics;
using FlexTls.Policies;

namespace FlexTls.Validation;

/// <summary>Whether a certificate vouches for a host (RFC 9525): by dNSName or iPAddress, never by the common name.</summary>
internal static class NameRules
{
    private const int MostShown = 10;
    private const string CommonName = "2.5.4.3";

    public static ServerCertificateFailure? Check(X509Certificate2 leaf, HostName host)
    {
        var names = SubjectAlternativeNames.Of(leaf);
        if (names.IsEmpty)
        {
            return HasCommonName(leaf, host)
                ? Refuse(DiagnosticCodes.CommonNameOnly, $"the certificate names {host.Text} only in its common name, which is never used", host, $"subject {leaf.Subject}")
                : Refuse(DiagnosticCodes.NoSubjectAlternativeName, "the certificate has no subject alternative name that could name a host", host, $"subject {leaf.Subject}");
        }

        if (host.Address is null ? names.DnsNames.Any(name => Matches(name, host.Text)) : names.Addresses.Contains(host.Address))
        {
            return null;
        }

        var presented = Shown(names);
        if (host.Address is not null && names.DnsNames.Contains(host.Text, StringComparer.OrdinalIgnoreCase))
        {
            return Refuse(DiagnosticCodes.AddressAsDnsName, $"the certificate spells the address {host.Text} as a dNSName", host, presented);
        }

        if (names.DnsNames.FirstOrDefault(name => IsTooWide(name) && MatchesWildcard(name, host.Text)) is { } wide)
        {
            return Refuse(DiagnosticCodes.WildcardTooWide, $"the wildcard '{wide}' covers a whole top-level domain and is not accepted", host, presented);
        }

        return Refusal.Of(DiagnosticCodes.NameMismatch, $"the certificate is not for {host.Text}, it is for {presented}",
            $"connect by a name that it has, or reissue it with {Wanted(host)}", Wanted(host), presented);
    }

    private static ServerCertificateFailure Refuse(string code, string finding, HostName host, string presented) =>
        Refusal.Of(code, finding, $"reissue it with {Wanted(host)}", Wanted(host), presented);

    private static bool Matches(string name, string host) =>
        string.Equals(name, host, StringComparison.OrdinalIgnoreCase) || (!IsTooWide(name) && MatchesWildcard(name, host));

    /// <summary>A wildcard stands for exactly one whole label, the left-most.</summary>
    private static bool MatchesWildcard(string name, string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return name.StartsWith("*.", StringComparison.Ordinal) && dot > 0
            && name.AsSpan(1).Equals(host.AsSpan(dot), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>At least two labels must follow the wildcard.</summary>
    private static bool IsTooWide(string name) => name.StartsWith("*.", StringComparison.Ordinal) && name.IndexOf('.', 2) < 0;

    /// <summary>Only to tell the frequent mistake from others; a common name never makes a certificate acceptable.</summary>
    private static bool HasCommonName(X509Certificate2 leaf, HostName host) =>
        leaf.SubjectName.EnumerateRelativeDistinguishedNames().Any(part =>
            !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName
            && string.Equals(part.GetSingleElementValue(), host.Text, StringComparison.OrdinalIgnoreCase));

    private static string Wanted(HostName host) => host.Address is null ? $"dNSName {host.Text}" : $"iPAddress {host.Text}";

    private static string Shown(SubjectAlternativeNames names)
    {
        var all = names.DnsNames.Select(name => $"dNSName {name}").Concat(names.Addresses.Select(address => $"iPAddress {address}")).ToList();
        return string.Join(", ", all.Take(MostShown)) + (all.Count > MostShown ? $" and {all.Count - MostShown} more" : "");
    }
}
