namespace FlexTls;

/// <summary>
/// Whether a certificate vouches for a host (RFC 9525): by dNSName or iPAddress, never by the common name. If the
/// policy expects names of its own, one of them replaces the host.
/// </summary>
/// <param name="upstream">The policy of the server; <see langword="null"/>: the server is a redirect target.</param>
internal sealed class NameRules(OutboundTlsPolicy? upstream)
{
    private const int MostShown = 10;
    private const string CommonName = "2.5.4.3";
    private const string Reason = "the certificate is not for this name";

    private readonly IReadOnlyList<ExpectedName> _expected = upstream?.SubjectAltNames ?? [];

    public ServerCertificateFailure? Check(DecodedCertificate server, HostName host)
    {
        var names = server.AlternativeNames;
        return _expected.Count == 0 ? CheckHost(server, names, host)
            : (long)_expected.Count * names.Count <= VerificationBudget.MostComparisons ? CheckExpected(names)
            : VerificationBudget.TooManyNames;
    }

    private ServerCertificateFailure? CheckExpected(IReadOnlyList<GeneralName> names)
    {
        if (_expected.Any(name => names.Any(presented => HostMatch.IsFor(presented, name))))
        {
            return null;
        }

        var wanted = string.Join(", ", _expected.Select(name => name.Shown));
        return Refusal.Of(DiagnosticCodes.NoExpectedName, Reason,
            $"the certificate is for none of the names in subjectAltNames (under extensions); it is for {Shown(names)}",
            "correct the list, or reissue the certificate with one of the names", wanted, Shown(names));
    }

    private ServerCertificateFailure? CheckHost(
        DecodedCertificate server, IReadOnlyList<GeneralName> all, HostName host)
    {
        var names = all.Where(name => name.Form is GeneralName.DnsName or GeneralName.IPAddressForm).ToList();
        if (names.Count == 0)
        {
            return HasCommonName(server, host)
                ? Refuse(DiagnosticCodes.CommonNameOnly, "the certificate has only a common name",
                    $"the certificate names {host.Shown} only in its common name, which is never used",
                    host, $"subject {server.Shown}")
                : Refuse(
                    DiagnosticCodes.NoSubjectAlternativeName, "the certificate names no host",
                    "the certificate has no subject alternative name that could name a host", host,
                    $"subject {server.Shown}");
        }

        if (names.Exists(name => HostMatch.IsFor(name, host)))
        {
            return null;
        }

        var presented = Shown(names);
        var dnsNames = names.Where(name => name.Form == GeneralName.DnsName).Select(name => name.Text).ToList();
        if (host.Address is { } address
            && dnsNames.Intersect([host.Text, $"{address}"], StringComparer.OrdinalIgnoreCase).Any())
        {
            return Refuse(DiagnosticCodes.AddressAsDnsName,
                "the certificate spells the address as a dNSName",
                $"the certificate spells the address {host.Shown} as a dNSName",
                host, presented);
        }

        if (dnsNames.Find(name => HostMatch.IsTooWide(name) && DnsLabels.IsByWildcard(name, host.Text)) is { } wide)
        {
            return Refuse(
                DiagnosticCodes.WildcardTooWide, "a wildcard of the certificate is too wide",
                $"the wildcard '{wide}' covers a whole top-level domain and is not accepted", host, presented);
        }

        var source = upstream?.ServerHost is null ? "" : ", the serverName of the policy (under extensions)";
        return Refusal.Of(DiagnosticCodes.NameMismatch, Reason,
            $"the certificate is not for {host.Shown}{source}; it is for {presented}",
            $"{Fix(host, hasDnsNames: dnsNames.Count > 0)}, or reissue it with {Wanted(host)}",
            Wanted(host), presented);
    }

    /// <summary>A fix that needs no other certificate. A redirect target has no <c>serverName</c>.</summary>
    private string Fix(HostName host, bool hasDnsNames) =>
        upstream?.ServerHost is not null ? "correct serverName"
        : upstream is null || !hasDnsNames ? "connect by a name that it has"
        // Certificates of servers that are reached by address seldom contain the address.
        : host.Address is not null ? "set serverName (under extensions) to a name that it has"
        : "connect by a name that it has, set serverName (under extensions) to one";

    private static ServerCertificateFailure Refuse(
        string code, string reason, string finding, HostName host, string presented) =>
        Refusal.Of(code, reason, finding, $"reissue it with {Wanted(host)}", Wanted(host), presented);

    /// <summary>
    /// Only for the message about a frequent mistake; a common name never makes a certificate acceptable.
    /// </summary>
    private static bool HasCommonName(DecodedCertificate server, HostName host) =>
        server.SubjectName.Texts(CommonName).Contains(host.Text, StringComparer.OrdinalIgnoreCase);

    private static string Wanted(HostName host) =>
        host.Address is null ? $"dNSName {host.Shown}" : $"iPAddress {host.Origin ?? $"{host.Address}"}";

    private static string Shown(IReadOnlyList<GeneralName> names) => names.Count == 0
        ? "nothing"
        : string.Join(", ", names.Take(MostShown).Select(name => name.Shown()))
            + (names.Count > MostShown ? $" and {names.Count - MostShown} more" : "");
}
