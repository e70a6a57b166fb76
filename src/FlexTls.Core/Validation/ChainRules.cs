using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Whether a path leads from the certificate to a trust anchor, according to the platform. Three of its findings are
/// ignored: that the chain ends at an anchor that is not a root; those about names, if
/// <see cref="NameConstraintRules"/> decide; and those about usages under the policy's own anchors, where
/// <see cref="UsageRules"/> check every certificate including the anchor (the operating system may restrict its own
/// outside the certificate). Findings above the anchor concern nothing that is used.
/// </summary>
internal sealed class ChainRules(TrustedRoots roots)
{
    private const string NotTrusted = "the CA is not trusted";

    private const X509ChainStatusFlags OfNames = X509ChainStatusFlags.InvalidNameConstraints
        | X509ChainStatusFlags.HasNotSupportedNameConstraint
        | X509ChainStatusFlags.HasNotDefinedNameConstraint | X509ChainStatusFlags.HasNotPermittedNameConstraint
        | X509ChainStatusFlags.HasExcludedNameConstraint;

    /// <summary>
    /// The relevant part of the chain, whether it ends in an anchor, and the platform's objections to it.
    /// </summary>
    /// <param name="chain">The chain.</param>
    /// <param name="verification">Decodes the certificates.</param>
    /// <param name="length">The number of certificates up to the anchor; <see langword="null"/>: up to the first
    /// anchor.</param>
    public Judgment Check(CertificateChain chain, Verification verification, int? length)
    {
        var elements = chain.Decode(roots, verification);
        var anchor = chain.IsUnderSystemTrust ? -1 : IndexOfAnchor(elements, length);
        var isAnchored = anchor >= 0 || (chain.IsUnderSystemTrust && elements.Count > 0 && EndsInSystemAnchor(chain));
        var count = anchor >= 0 ? anchor + 1 : elements.Count;
        var path = elements.Take(count).Select(element => element.Certificate).ToArray();

        if (count > PathFinder.Depth)
        {
            // A server determines the length of its chain: nothing beyond this is examined or logged.
            var tooLong = Refusal.Of(
                DiagnosticCodes.ChainRefused, "the chain is too long",
                $"the chain has {count} certificates; at most {PathFinder.Depth} are allowed",
                "let a CA nearer to the root issue the certificate", $"at most {PathFinder.Depth} certificates",
                $"{count}");
            return new Judgment(path[..PathFinder.Depth], false, [tooLong]);
        }

        var failures = new List<ServerCertificateFailure>();
        var namesAreOurs = new Lazy<bool>(() => NameConstraintRules.Decide(path));
        var isExcused = elements.Skip(count).Any(element => element.Findings.Length > 0);
        for (var i = 0; i < count; i++)
        {
            foreach (var finding in elements[i].Findings)
            {
                var isSetAside = finding.Status switch
                {
                    // The platform recognizes a root only if its issuer is its subject, byte for byte.
                    X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot => i == anchor,
                    X509ChainStatusFlags.NotValidForUsage => !chain.IsUnderSystemTrust,
                    _ => (finding.Status & OfNames) != 0 && namesAreOurs.Value,
                };
                isExcused |= isSetAside;
                if (!isSetAside && finding.Status != X509ChainStatusFlags.NoError)
                {
                    failures.Add(Failure(finding.Status, path[i], path, verification));
                }
            }
        }

        var accounted = elements.SelectMany(element => element.Findings).Select(finding => finding.Status).ToHashSet();
        var unaccounted = chain.Findings.Where(
            finding => finding != X509ChainStatusFlags.NoError && !accounted.Contains(finding))
            .ToList();
        var isUnexplained = unaccounted.Count > 0
            || !chain.IsOfServer
            || (!chain.IsValid && failures.Count == 0 && !isExcused);
        if (isUnexplained)
        {
            failures.Add(Refusal.Of(DiagnosticCodes.ChainRefused, "the certificate is refused",
                "the platform refuses the chain without saying which certificate is at fault",
                presented: string.Join(", ", unaccounted)));
        }
        else if (!isAnchored && failures.Count == 0)
        {
            failures.Add(Untrusted(path[^1]));
        }

        return new Judgment(path, isAnchored && chain.IsOfServer, failures) { IsUnexplained = isUnexplained };
    }

    /// <summary>The platform confirms it by having no findings, except about names.</summary>
    private static bool EndsInSystemAnchor(CertificateChain chain) =>
        chain.IsValid || (chain.Findings.Any() && chain.Findings.All(finding => (finding & ~OfNames) == 0));

    private static int IndexOfAnchor(IReadOnlyList<ChainElement> elements, int? length)
    {
        for (var i = length - 1 ?? 0; i < elements.Count; i++)
        {
            if (elements[i].IsOwnAnchor)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsForServers(DecodedCertificate[] path) =>
        Array.TrueForAll(path, certificate => certificate.Allows(DecodedCertificate.ServerAuth));

    private ServerCertificateFailure Failure(
        X509ChainStatusFlags status, DecodedCertificate certificate, DecodedCertificate[] path,
        Verification verification)
    {
        var shown = certificate.Shown;
        return status switch
        {
            // DateRules report it in more detail, unless it is the last second.
            X509ChainStatusFlags.NotTimeValid => Refusal.Of(
                DiagnosticCodes.Expired, "a certificate is out of date", $"the platform considers {shown} out of date",
                "renew it", presented: shown),
            X509ChainStatusFlags.UntrustedRoot => Untrusted(certificate),
            X509ChainStatusFlags.PartialChain when certificate == path[^1] =>
                UnusableIssuer(certificate, verification) ?? Unfinished(certificate, path.Length, verification),
            X509ChainStatusFlags.NotValidForUsage
                when IsForServers(path)
                    && Array.Find(path, PolicyExtensions.RequiresPolicies) is { } authority => Refusal.Of(
                DiagnosticCodes.ExplicitPolicy,
                "a CA asks for certificate policies",
                $"{authority.Shown} requires a certificate policy that "
                + "all certificates below it share (requireExplicitPolicy), "
                + "and the platform finds none",
                "reissue the chain with the policies of that CA, or the CA without the requirement",
                presented: authority.Shown),
            X509ChainStatusFlags.NotValidForUsage => Refusal.Of(
                DiagnosticCodes.NoServerAuthUsage, "a certificate is not for servers",
                $"{shown} is not for servers, or a CA above it is not", "reissue it with serverAuth", "serverAuth"),
            X509ChainStatusFlags.NotSignatureValid => Refusal.Of(
                DiagnosticCodes.BadSignature, "a signature does not match",
                $"the signature of {shown} does not match its issuer {certificate.ShownIssuer}",
                "find out whether the CA was renewed with another key", presented: shown),
            X509ChainStatusFlags.InvalidBasicConstraints => Refusal.Of(
                DiagnosticCodes.BadBasicConstraints, "the chain is longer than a CA allows",
                $"{shown} is in the chain where a CA certificate must be, or the chain is longer than a CA allows",
                "reissue the chain", "CA certificates above the server's", shown),
            _ when (status & OfNames) != 0 => Refusal.Of(
                DiagnosticCodes.NameConstraints, "a CA must not certify this name",
                $"{shown} has a name that a CA above it must not certify ({status})", presented: shown),
            X509ChainStatusFlags.InvalidExtension or X509ChainStatusFlags.InvalidPolicyConstraints => Refusal.Of(
                DiagnosticCodes.UnreadableCertificate, "a certificate is malformed",
                $"{shown} has an extension that the platform cannot read", "reissue it", presented: shown),
            X509ChainStatusFlags.HasNotSupportedCriticalExtension => Refusal.Of(
                DiagnosticCodes.UnknownCriticalExtension,
                "a certificate has a critical extension that is not understood",
                $"{shown} has a critical extension that is not understood", presented: shown),
            _ => Refusal.Of(
                DiagnosticCodes.ChainRefused, "the certificate is refused", $"the platform refuses {shown}: {status}",
                presented: shown),
        };
    }

    /// <summary>The chain ends in a certificate that is not a trust anchor.</summary>
    private ServerCertificateFailure Untrusted(DecodedCertificate top) => roots.Named(top.SubjectName).Any()
        ? Refusal.Of(DiagnosticCodes.UntrustedRoot, NotTrusted,
            $"the chain ends in {top.Shown}, which has the name of one of {roots.InWords} but is another certificate",
            "if the CA was renewed, add the new certificate to trustedCA", roots.InWords, top.Shown)
        : NotAmong($"the chain ends in {top.Shown}", top.Shown);

    /// <summary>
    /// The chain ends although a CA certificate exists, which the platform does not use because of its key or because
    /// the authority key identifier names another certificate of that CA.
    /// </summary>
    private ServerCertificateFailure? UnusableIssuer(DecodedCertificate top, Verification verification) =>
        verification.RememberIssuer(top, () => FindUnusableIssuer(top, verification));

    private ServerCertificateFailure? FindUnusableIssuer(DecodedCertificate top, Verification verification)
    {
        var issuers = roots.Named(top.IssuerName)
            .Concat(verification.DecodeReadable().Where(sent => sent.SubjectName.Equals(top.IssuerName)))
            .Where(issuer => !KeyIdentifiers.Differ(top, issuer)).ToList();
        return issuers.Select(KeyRules.NotUnderstood).FirstOrDefault(failure => failure is not null)
            ?? (IssuerReference.Of(top) is { } reference && issuers.Exists(issuer =>
                    KeyDescription.Of(issuer).Verdict == KeyVerdict.Accepted
                    && reference.IsToAnother(issuer) && !verification.Signatures.Refuses([top, issuer]))
                ? IssuerReference.ToAnother(top)
                : null);
    }

    /// <summary>The chain ends before an anchor.</summary>
    private ServerCertificateFailure Unfinished(DecodedCertificate top, int length, Verification verification)
    {
        var issuer = top.ShownIssuer;
        var namesakes = roots.Named(top.IssuerName).ToList();
        if (namesakes.Count > 0)
        {
            // A CA with another key cannot have signed it; for the others, the platform does not give its reason.
            return namesakes.TrueForAll(anchor => KeyIdentifiers.Differ(top, anchor))
                ? Refusal.Of(DiagnosticCodes.UntrustedRoot, NotTrusted,
                    $"{top.Shown} was issued by {issuer}, which has the name of one of {roots.InWords} but another key",
                    "if the CA was renewed, add the new certificate to trustedCA", roots.InWords, issuer)
                : Refusal.Of(DiagnosticCodes.UntrustedRoot, NotTrusted,
                    $"the platform does not accept {top.Shown} as issued by the CA {issuer} among {roots.InWords}",
                    "compare the key of that CA, and check whether both certificates can be read",
                    roots.InWords, issuer);
        }

        return length > 1
            ? NotAmong($"the server's chain leads to {issuer}", issuer)
            : Refusal.Of(DiagnosticCodes.IncompleteChain, "the CA is not trusted, or an intermediate is missing",
                (verification.IsServerAlone
                    ? $"the server sent only its own certificate, and the issuer {issuer} of {top.Shown}"
                    : $"the issuer {issuer} of {top.Shown} was not sent, or does not match, and")
                + $" is not among {roots.InWords}",
                "if this is the right server, add its CA to trustedCA; or let the server send its intermediate "
                + "certificates (they are never downloaded)",
                $"a path to {roots.InWords}", $"issuer {issuer}");
    }

    private ServerCertificateFailure NotAmong(string finding, string presented) => Refusal.Of(
        DiagnosticCodes.UntrustedRoot, NotTrusted, $"{finding}, which is not among {roots.InWords}",
        $"if this is the right server, add {presented} to trustedCA", roots.InWords, presented);
}
