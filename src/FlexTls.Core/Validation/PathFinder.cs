using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>
/// Every way from a server's certificate over the intermediates that it sent to a trusted certificate, by names alone,
/// the shortest first (RFC 4158). Who sends the certificates may be an attacker, so all work is bounded by counts.
/// </summary>
/// <param name="roots">Whom to trust.</param>
/// <param name="goesPastAnchors">Whether paths continue above their first anchor, where a pinned key may be.</param>
internal sealed class PathFinder(TrustedRoots roots, bool goesPastAnchors)
{
    /// <summary>How many paths are found at most.</summary>
    public const int MostPaths = 64;

    /// <summary>How many certificates a path has at most.</summary>
    public const int Depth = 16;

    /// <summary>How many beginnings of paths are followed at most.</summary>
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

    /// <summary>A path that meets the same name with the same key again goes round in a circle.</summary>
    private static bool IsSameAuthority(DecodedCertificate one, DecodedCertificate other) =>
        one.Subject.Span.SequenceEqual(other.Subject.Span)
            && one.SubjectPublicKeyInfo.Span.SequenceEqual(other.SubjectPublicKeyInfo.Span);
}
