using System.Formats.Asn1;

namespace FlexTls;

/// <summary>
/// Whether every CA of a path may certify the names below it (RFC 5280, sections 4.2.1.10 and 6.1). The common name
/// does not count as a name: it vouches for no host, so there is nothing to constrain. One instance serves one verdict,
/// and limits the total cost of all its paths.
/// </summary>
internal sealed class NameConstraintRules(VerificationBudget budget)
{
    private long _comparisons;
    private long _platformComparisons;

    /// <summary>
    /// Whether these rules understand every form of name in the path. Then they alone decide, and not the platform's
    /// rules, which take the common name for a host and do not see everything that a wildcard covers.
    /// </summary>
    public static bool Decide(IReadOnlyList<DecodedCertificate> path)
    {
        try
        {
            return path.Skip(1).Select(certificate => certificate.NameConstraints).OfType<ConstrainedNames>()
                    .All(
                        constraints => constraints.Permitted.Concat(constraints.Excluded)
                            .All(subtree => subtree.IsUnderstood))
                && path.All(certificate => certificate.AlternativeNames
                    .All(name => NameSubtree.IsUnderstoodForm(name.Form)));
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the budget allows the platform to judge one more path: it compares names too, even before it knows
    /// whether the signatures are good.
    /// </summary>
    public bool MayCost(IReadOnlyList<DecodedCertificate> path)
    {
        try
        {
            for (var above = 1; above < path.Count; above++)
            {
                if (path[above].NameConstraints is { } constraints)
                {
                    _platformComparisons += path.Take(above).Sum(certificate =>
                        constraints.PlatformCost(certificate.Subject.Length)
                        + certificate.AlternativeNames.Sum(name => constraints.PlatformCost(name.Content.Length)));
                }
            }

            return _platformComparisons <= VerificationBudget.MostComparisons || budget.Exhaust();
        }
        catch (AsnContentException)
        {
            // Unreadable names are not compared.
            return true;
        }
    }

    /// <summary>The faults of the names of a path, the server's certificate first.</summary>
    public List<ServerCertificateFailure> Check(IReadOnlyList<DecodedCertificate> path)
    {
        var failures = new List<ServerCertificateFailure>();
        for (var above = 1; above < path.Count; above++)
        {
            if (path[above].Value(CertificateExtension.NameConstraints) is not null
                && Violation(path, above) is { } failure)
            {
                failures.Add(failure);
            }
        }

        return failures;
    }

    private ServerCertificateFailure? Violation(IReadOnlyList<DecodedCertificate> path, int above)
    {
        var authority = path[above];
        try
        {
            var constraints = authority.NameConstraints!;
            for (var below = above - 1; below >= 0; below--)
            {
                // A CA that changes its key certifies itself, which needs no permission, except for the last
                // certificate.
                if (below > 0 && path[below].IsSelfIssued)
                {
                    continue;
                }

                foreach (var name in path[below].CertifiedNames)
                {
                    budget.ThrowIfCanceled();
                    _comparisons += constraints.Cost(name.Name.Content.Length);
                    if (_comparisons > VerificationBudget.MostComparisons)
                    {
                        return VerificationBudget.TooManyNames;
                    }

                    if (Problem(name, constraints) is { } problem)
                    {
                        return Refuse(path[below], authority, problem);
                    }
                }
            }

            return null;
        }
        catch (AsnContentException e)
        {
            return Refuse(path[0], authority, $"they cannot be applied: {e.Message.TrimEnd('.')}");
        }
    }

    private static string? Problem(CertifiedName name, ConstrainedNames constraints)
    {
        if (constraints.Excluded.FirstOrDefault(subtree => subtree.Form == name.Form && subtree.Touches(name))
            is { } excluded)
        {
            return $"{name.Name.Shown()} is in the excluded {excluded.Shown()}";
        }

        var isConstrained = constraints.Permitted.Any(subtree => subtree.Form == name.Form);
        return isConstrained && !constraints.Permitted.Any(subtree => subtree.Form == name.Form && subtree.Covers(name))
            ? $"{name.Name.Shown()} is outside everything that is permitted"
            : null;
    }

    private static ServerCertificateFailure Refuse(
        DecodedCertificate certificate, DecodedCertificate authority, string problem) => Refusal.Of(
        DiagnosticCodes.NameConstraints, "a CA must not certify this name",
        $"the name constraints of {authority.Shown} forbid {certificate.Shown}: {problem}",
        "use a CA that may certify the name, or another name", presented: certificate.Shown);
}
