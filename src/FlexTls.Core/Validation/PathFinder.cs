namespace FlexTls;

/// <summary>
/// Finds all paths from a server's certificate over the sent intermediates to a trusted certificate, by names alone,
/// the shortest first (RFC 4158). The sender of the certificates may be an attacker, so all work is limited by counts.
/// </summary>
/// <param name="roots">The trusted certificates.</param>
/// <param name="goesPastAnchors">Whether paths continue above their first anchor, where a pinned key may be.</param>
internal sealed class PathFinder(TrustedRoots roots, bool goesPastAnchors)
{
    /// <summary>The maximum number of paths found.</summary>
    public const int MostPaths = 64;

    /// <summary>The maximum number of certificates in a path.</summary>
    public const int Depth = 16;

    /// <summary>The maximum number of partial paths followed.</summary>
    public const int MostSteps = 1024;

    public IEnumerable<IReadOnlyList<DecodedCertificate>> Find(
        DecodedCertificate server, IReadOnlyList<DecodedCertificate> sent)
    {
        var sentBySubject = sent.ToLookup(certificate => certificate.SubjectName);
        var waiting = new Queue<DecodedCertificate[]>([[server]]);
        var (found, begun) = (0, 1);
        while (found < MostPaths && waiting.TryDequeue(out var path))
        {
            var top = path[^1];
            var isAnchor = roots.IsAnchor(top);
            if (isAnchor)
            {
                found++;
                yield return path;
            }

            if ((isAnchor && !goesPastAnchors) || path.Length == Depth || begun == MostSteps)
            {
                continue;
            }

            var issuerName = top.IssuerName;
            var wanted = KeyIdentifiers.OfIssuer(top);
            var issuers = roots.Named(issuerName).Concat(sentBySubject[issuerName])
                .Where(issuer => !Array.Exists(path, known => IsSameAuthority(known, issuer)))
                .OrderBy(
                    issuer => wanted is { } key && KeyIdentifiers.Of(issuer)?.Span
                        .SequenceEqual(key.Span) == true ? 0 : 1);
            foreach (var issuer in issuers.Take(MostSteps - begun))
            {
                waiting.Enqueue([.. path, issuer]);
                begun++;
            }
        }
    }

    /// <summary>A path that repeats a name with the same key would be a circle.</summary>
    private static bool IsSameAuthority(DecodedCertificate one, DecodedCertificate other) =>
        one.Subject.Span.SequenceEqual(other.Subject.Span)
            && one.SubjectPublicKeyInfo.Span.SequenceEqual(other.SubjectPublicKeyInfo.Span);
}
