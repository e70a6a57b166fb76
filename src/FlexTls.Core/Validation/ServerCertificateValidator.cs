using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Judges a server's certificate. The platform's own chain comes first: it is nearly always the right one. If it is
/// refused for a reason that another path may fix, the others are tried, each in full. An exception is a refusal.
/// </summary>
internal sealed class ServerCertificateValidator
{
    private readonly TrustedRoots _roots;
    private readonly ChainRules _chainRules;
    private readonly NameRules _nameRules;
    private readonly PinnedKeyRules _pinnedKeyRules;
    private readonly PathFinder _paths;
    private readonly X509ChainPolicy _chainPolicy;
    private readonly TimeProvider _clock;

    private ServerCertificateValidator(OutboundTlsPolicy policy, bool isUpstream, string? owner, TimeProvider clock)
    {
        _roots = new TrustedRoots(policy.TrustAnchors, policy.TrustSystemCA, owner);
        _chainRules = new ChainRules(_roots);
        _nameRules = new NameRules(isUpstream ? policy : null);
        _pinnedKeyRules = new PinnedKeyRules(policy);
        _paths = new PathFinder(_roots, goesPastAnchors: policy.Pins.Count > 0);
        _chainPolicy = ChainPolicies.ForValidator(policy.TrustAnchors);
        _clock = clock;
    }

    /// <param name="policy">Determines the trusted CAs and the names.</param>
    /// <param name="owner">The upstream's name, for messages.</param>
    /// <param name="clock">Provides the time of the verdict.</param>
    public static ServerCertificateValidator ForUpstream(OutboundTlsPolicy policy, string? owner, TimeProvider clock) =>
        new(policy, isUpstream: true, owner, clock);

    /// <summary>
    /// For a server other than the policy's upstream: the names that the upstream may have do not apply to it.
    /// </summary>
    public static ServerCertificateValidator ForRedirectTarget(
        OutboundTlsPolicy policy, string? owner, TimeProvider clock) => new(policy, isUpstream: false, owner, clock);

    /// <summary>
    /// The policy of a chain to be judged here and now. Each call returns a copy: the platform adds the certificates
    /// that the server sent.
    /// </summary>
    public X509ChainPolicy CreateChainPolicy()
    {
        var policy = _chainPolicy.Clone();
        policy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        return policy;
    }

    /// <summary>Judges a certificate, and builds a chain for it.</summary>
    public ServerCertificateValidationResult Validate(
        X509Certificate2? server, X509Certificate2Collection sent, HostName host,
        CancellationToken cancellationToken = default) =>
        Validate(server, sent, one => CertificateChain.Build(one, sent, CreateChainPolicy()), host, cancellationToken);

    /// <summary>Judges a certificate by a chain that was built under <see cref="CreateChainPolicy"/>.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public ServerCertificateValidationResult Validate(
        X509Certificate2? server,
        X509Certificate2Collection sent,
        Func<X509Certificate2, CertificateChain> chainOf,
        HostName host,
        CancellationToken cancellationToken)
    {
        if (server is null)
        {
            const string Nothing = "the server presented no certificate";
            return Refused(DiagnosticCodes.NoServerCertificate, Nothing, Nothing);
        }

        try
        {
            var verification = new Verification(server, sent, _clock.GetUtcNow(), cancellationToken);
            return verification.IsTooLong ? new([VerificationBudget.TooMuch], [])
                : Judge(chainOf, host, verification).ToResult();
        }
        catch (Exception e) when (IsOfReading(e))
        {
            return Unreadable(e);
        }
    }

    /// <summary>The verdict after an exception from decoding, or from the platform while it built its chain.</summary>
    public static ServerCertificateValidationResult Unreadable(Exception e, DecodedCertificate? server = null) =>
        UnbuiltChain.Explain(e, server) is { } failure ? new([failure], [])
        : Refused(DiagnosticCodes.UnreadableCertificate, "a certificate is malformed",
            $"a certificate of the server's chain cannot be read: {e.Message.TrimEnd('.')}");

    /// <summary>Whether it is an exception of decoding, ours or the platform's.</summary>
    private static bool IsOfReading(Exception e) =>
        e is CryptographicException or AsnContentException or ArgumentException;

    private Judgment Judge(Func<X509Certificate2, CertificateChain> chainOf, HostName host, Verification verification)
    {
        var listed = _roots.Find(verification.Server);
        var plain = listed is null
            ? Judge(() => chainOf(verification.Server), verification)
            : JudgeListed(listed, verification.Now);
        var server = listed ?? verification.DecodeSent(verification.Server);
        var wrongName = _nameRules.Check(server, host);
        var best = plain;
        var mayBeMended = !plain.IsAccepted && !plain.IsUnexplained && wrongName is null
            && !PathRules.IsHopeless(server, verification.Now);
        if (mayBeMended)
        {
            foreach (var other in Others(server, verification))
            {
                if (other.IsAccepted)
                {
                    return other;
                }

                best = other.ExplainsMoreThan(best) ? other : best.WithRenewedIssuer(other);
            }
        }

        // A path that was not examined may have been the good one, so this reason comes first.
        if (verification.Budget.IsExhausted && !best.Failures.Contains(VerificationBudget.TooManyNames))
        {
            var others = best.Failures.Where(failure => failure.Code != DiagnosticCodes.TooMuchToVerify);
            best = best with { Failures = [VerificationBudget.TooMuch, .. others] };
        }

        return wrongName is null ? best : best with { Failures = [.. best.Failures, wrongName] };
    }

    /// <summary>The judgments of the other paths, one by one: each costs the platform a chain.</summary>
    private IEnumerable<Judgment> Others(DecodedCertificate server, Verification verification)
    {
        var now = verification.Now;
        if (_roots is { Anchors: not null, IncludeSystem: true })
        {
            yield return Judge(
                () => CertificateChain.Build(server.Platform, verification.Sent, ChainPolicies.ForPath(null, [], now)),
                verification);
        }

        foreach (var path in _paths.Find(server, verification.DecodeReadable()))
        {
            if (path is [var itself] && _roots.IsOwnAnchor(itself))
            {
                // It was judged first.
                continue;
            }

            if (!verification.Budget.TrySpend(path.Sum(certificate => (long)certificate.RawData.Length)))
            {
                yield break;
            }

            // A path that our rules refuse need not be built; the platform's work on names and signatures counts.
            if (PathRules.Refuse(path, now) || verification.Signatures.Refuses(path))
            {
                continue;
            }

            if (!verification.NameConstraints.MayCost(path) || !verification.Signatures.MayCost(path))
            {
                yield break;
            }

            // The platform ends a certificate one second early, so in its last second it judges the time one second
            // before.
            var isLastSecond = path.Any(one => one.IsInDate(now) && !one.IsInDate(now.AddSeconds(1)));
            var anchor = _roots.IsOwnAnchor(path[^1]) ? path[^1] : null;
            var time = isLastSecond ? now.AddSeconds(-1) : now;
            var policy = ChainPolicies.ForPath(anchor, path.Skip(1).SkipLast(1), time);
            var above = path.Skip(1).Select(certificate => certificate.Platform);
            yield return Judge(() => CertificateChain.Build(server.Platform, above, policy), verification, path);
        }
    }

    /// <summary>The server's certificate is itself listed: it is trusted byte for byte, whatever its form.</summary>
    private Judgment JudgeListed(DecodedCertificate server, DateTimeOffset now) =>
        WithPins(new([server], true, [.. PathRules.CheckListed(server, now)]));

    /// <summary>
    /// Refuses a chain with a certificate that FlexTls or the platform cannot read; a path without it may be good.
    /// </summary>
    private Judgment Judge(
        Func<CertificateChain> build, Verification verification, IReadOnlyList<DecodedCertificate>? path = null)
    {
        try
        {
            using var chain = build();
            return Judge(chain, verification, path);
        }
        catch (Exception e) when (IsOfReading(e))
        {
            return new Judgment([], false, Unreadable(e, verification.DecodeSent(verification.Server)).Failures);
        }
    }

    /// <param name="chain">The platform's chain.</param>
    /// <param name="verification">The verdict that this is part of.</param>
    /// <param name="path">The intended path; <see langword="null"/>: any.</param>
    private Judgment Judge(CertificateChain chain, Verification verification, IReadOnlyList<DecodedCertificate>? path)
    {
        var seen = _chainRules.Check(chain, verification, path?.Count);
        if (seen.Path.Count == 0)
        {
            return seen;
        }

        var failures = PathRules.Check(seen.Path, seen.IsAnchored, verification.Now).ToList();

        // For the same fault, our reason is more detailed; and a platform finding about constraints may concern key
        // usage.
        var theirs = seen.Failures.Where(their => !failures.Exists(our => IsTheSame(our.Code, their.Code)))
            .ToLookup(their => their.Code == DiagnosticCodes.BadBasicConstraints);
        failures = [.. theirs[false], .. failures, .. theirs[true]];
        if (path is not null
            && !(seen.Path.Count == path.Count && seen.Path.Zip(path).All(pair => pair.First.Is(pair.Second))))
        {
            failures.Add(Refusal.Of(
                DiagnosticCodes.ChainRefused, "the certificate is refused",
                "the platform does not accept the path that was found"));
        }

        // These cost more, and are for certificates whose signatures are known to be good.
        if (failures.Count == 0)
        {
            failures.AddRange(verification.NameConstraints.Check(seen.Path));
        }

        var found = failures.DistinctBy(failure => (failure.Code, failure.Presented)).Take(PathRules.MostFailures);
        return WithPins(seen with { Failures = [.. found] });
    }

    private Judgment WithPins(Judgment judgment) =>
        judgment.Failures.Count == 0 && _pinnedKeyRules.Check(judgment.Path) is { } notPinned
            ? judgment with { Failures = [notPinned] }
            : judgment;

    /// <summary>The platform has one finding for both ends of the validity period.</summary>
    private static bool IsTheSame(string ours, string theirs) =>
        ours == theirs || (theirs == DiagnosticCodes.Expired && ours == DiagnosticCodes.NotYetValid);

    private static ServerCertificateValidationResult Refused(string code, string reason, string finding) =>
        new([Refusal.Of(code, reason, finding)], []);
}
