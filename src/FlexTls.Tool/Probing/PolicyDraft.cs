using System.Globalization;

namespace FlexTls;

/// <summary>
/// The strictest policy under which a probed server is reached, as YAML that says why. What was presented is trusted
/// only after the user has confirmed it.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="found">What the probe has found out.</param>
/// <param name="trust">What must be trusted.</param>
/// <param name="isConfirmed">Whether the user has confirmed that.</param>
/// <param name="now">When the server was probed.</param>
internal sealed class PolicyDraft(
    ServerAddress server, ProbedServer found, ProposedTrust trust, bool isConfirmed, DateTimeOffset now)
{
    private readonly YamlLines _lines = new();

    public string Write()
    {
        WriteHead();
        WriteService();
        WriteBinding();
        WriteVersions();
        WriteSuites();
        WriteAlpn();
        WriteTrust();
        WriteIdentity();
        WriteExtensions();
        return _lines.ToString();
    }

    /// <summary>Whether everything is confirmed, so that the server is reached under the policy as it stands.</summary>
    public bool IsComplete => (trust.Anchor is null || isConfirmed) && (trust.Name is null || IsNameConfirmed);

    private TlsVersion Highest => found.Versions[0];

    /// <summary>
    /// Whether the user has confirmed the certificate that has the name; its CA may have issued others.
    /// </summary>
    private bool IsNameConfirmed => isConfirmed && found.Chain[0].Equals(trust.Anchor);

    private void WriteHead()
    {
        _lines.Comment(string.Create(
            CultureInfo.InvariantCulture,
            $"Written from {found.Connections} connections to {server} on {now:yyyy-MM-dd}. Review it before use."));
        foreach (var weakness in found.Weaknesses(now))
        {
            _lines.Comment($"Not good: {weakness}.");
        }
    }

    private void WriteService()
    {
        _lines.Add("apiVersion: gateway.mulesoft.com/v1alpha1");
        _lines.Add("kind: Service");
        _lines.Add("metadata:");
        _lines.Add($"  name: \"{server.ServiceName}\"");
        _lines.Add("spec:");
        _lines.Add($"  address: https://{server}");
        _lines.Add("---");
    }

    private void WriteBinding()
    {
        _lines.Add("apiVersion: gateway.mulesoft.com/v1alpha1");
        _lines.Add("kind: PolicyBinding");
        _lines.Add("metadata:");
        _lines.Add($"  name: \"{server.ServiceName}-tls\"");
        _lines.Add("spec:");
        _lines.Add("  targetRef:");
        _lines.Add("    kind: Service");
        _lines.Add($"    name: \"{server.ServiceName}\"");
        _lines.Add("  policyRef:");
        _lines.Add("    name: tls-outbound");
        _lines.Add("  config:");
    }

    private void WriteVersions()
    {
        _lines.Comment(
            found.Versions.Count > 1
                ? "The highest version that the server supports. It also supports "
                    + $"{string.Join(", ", found.Versions.Skip(1).Select(Words.Of))}."
                : "The only version that the server supports.", indent: 4);
        _lines.Add($"    minversion: \"{Words.NumberOf(Highest)}\"");
    }

    private void WriteSuites()
    {
        if (Highest == TlsVersion.Tls13)
        {
            _lines.Comment("Cipher suites of TLS 1.3 cannot be chosen, and none of them is weak.", indent: 4);
            return;
        }

        var best = found.BestSuites;
        var others = found.SuitesOf(Highest).Except(best).Select(suite => suite.Name).ToList();
        _lines.Comment(
            $"The server's best suites (advice: {best[0].Advice.ToString().ToLowerInvariant()}).", indent: 4);
        if (others.Count > 0)
        {
            _lines.Comment($"It also supports {string.Join(", ", others)}.", indent: 4);
        }

        _lines.Add("    ciphers:");
        foreach (var suite in best)
        {
            _lines.Add($"      - {suite.Name}");
        }
    }

    private void WriteAlpn()
    {
        if (found.Protocols is not { } protocols)
        {
            _lines.Comment("alpn: the server shows its protocols only to a client with a certificate.", indent: 4);
            return;
        }

        _lines.Comment(
            protocols.Count == 0
                ? "The server selects neither h2 nor http/1.1, so ALPN is not offered. HTTP clients then use HTTP/1.1."
                : "The protocols that the server selects.", indent: 4);
        _lines.Add($"    alpn: [{string.Join(", ", protocols)}]");
    }

    private void WriteTrust()
    {
        if (trust.Anchor is not { } anchor)
        {
            _lines.Comment("The chain ends in a CA of the operating system, which is trusted by default.", indent: 4);
            return;
        }

        var isOwn = anchor.Equals(found.Chain[0]);
        _lines.Comment(
            $"{(isOwn ? "The server's own certificate" : "A certificate that the server presents above its own")}: "
            + CertificateText.Subject(anchor), indent: 4);
        _lines.Comment($"SHA-256 {CertificateText.Fingerprint(anchor)}", indent: 4);
        if (isOwn && anchor.Issuer != anchor.Subject)
        {
            _lines.Comment(
                $"Its issuer is {SafeText.Of(anchor.Issuer)}. If you have that certificate, better trust it.",
                indent: 4);
        }

        if (!isConfirmed)
        {
            _lines.Comment(
                "This certificate is not trusted yet. Compare this fingerprint with one from the server's owner; if it "
                + "is the same, probe again with --trust and the fingerprint.", indent: 4);
            return;
        }

        if (isOwn)
        {
            _lines.Comment("Replace it when the server's certificate is renewed.", indent: 4);
        }

        _lines.Add("    trustedCA: |");
        foreach (var line in anchor.ExportCertificatePem().Split('\n'))
        {
            _lines.Add($"      {line}");
        }
    }

    private void WriteIdentity()
    {
        if (!found.AsksForCertificate)
        {
            return;
        }

        _lines.Comment(
            found.RequiresCertificate
                ? "The server requires a client certificate. Put your key and certificate in these files."
                : "The server asks for a client certificate but does not require one. To present one, uncomment "
                    + "these lines.",
            indent: 4);
        _lines.Add("    certificate:", found.RequiresCertificate);
        _lines.Add("      key: file:client.key", found.RequiresCertificate);
        _lines.Add("      crt: file:client.crt", found.RequiresCertificate);
    }

    private void WriteExtensions()
    {
        if (trust.Name is null && !found.RequiresCertificate)
        {
            return;
        }

        _lines.Add("    extensions:", isActive: found.RequiresCertificate || IsNameConfirmed);
        if (found.RequiresCertificate)
        {
            _lines.Comment("Refuse the server if it stops asking for the client certificate.", indent: 6);
            _lines.Add("      requireMutualTls: true");
        }

        if (trust.Name is { } name)
        {
            _lines.Comment(
                $"The certificate is for {name}, not for {server.Host}."
                + (IsNameConfirmed ? "" : " If that is your server's name, uncomment these lines, and extensions."),
                indent: 6);
            _lines.Add("      subjectAltNames:", IsNameConfirmed);
            _lines.Add($"        - type: {ProposedTrust.TypeOf(name)}", IsNameConfirmed);
            _lines.Add($"          value: \"{name}\"", IsNameConfirmed);
        }
    }
}
