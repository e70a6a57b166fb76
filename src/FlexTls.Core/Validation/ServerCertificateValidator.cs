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
    private readonly NameRules _nameRules;
    private readonly PathJudge _judge;
    private readonly PathFinder _paths;
    private readonly X509ChainPolicy _chainPolicy;
    private readonly VerdictMemory? _memory;
    private readonly TimeProvider _clock;

    private ServerCertificateValidator(OutboundTlsPolicy policy, bool isUpstream, string? owner, TimeProvider clock)
    {
        _roots = new TrustedRoots(policy.TrustAnchors, policy.TrustSystemCA, owner);
        _nameRules = new NameRules(isUpstream ? policy : null);
        _judge = new PathJudge(_roots, policy);
        _paths = new PathFinder(_roots, goesPastAnchors: policy.Pins.Count > 0);
        _chainPolicy = ChainPolicies.ForValidator(policy.TrustAnchors);
        _clock = clock;

        // The operating system's trust may change at any time.
        _memory = _roots.IncludeSystem ? null : new VerdictMemory();
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

    /// <summary>The chain of a host that would be accepted now without being examined again.</summary>
    public RememberedVerdict? Recall(HostName host) => _memory?.Find(host, _clock.GetUtcNow());

    /// <summary>Judges certificates that were presented before.</summary>
    public ServerCertificateValidationResult Validate(PresentedChain presented, HostName host)
    {
        List<X509Certificate2> all = [];
        try
        {
            all.AddRange(presented.Load());
            return Validate(all.Count == 0 ? null : all[0], [.. all.Skip(1)], host);
        }
        catch (CryptographicException e)
        {
            return new([UnbuiltChain.FailureOf(e)], []);
        }
        finally
        {
            all.ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>Judges a certificate, and builds a chain for it.</summary>
    public ServerCertificateValidationResult Validate(
        X509Certificate2? server, X509Certificate2Collection sent, HostName host, PresentedChain? presented = null,
        CancellationToken cancellationToken = default) =>
        Validate(
            server, sent, one => CertificateChain.Build(one, sent, CreateChainPolicy()), host, presented,
            cancellationToken);

    /// <summary>Judges a certificate by a chain that was built under <see cref="CreateChainPolicy"/>.</summary>
    /// <param name="server">The certificate.</param>
    /// <param name="sent">The others that the server sent.</param>
    /// <param name="chainOf">The chain.</param>
    /// <param name="host">The host that the certificate must match.</param>
    /// <param name="presented">
    /// The bytes of all of them, to be remembered if they are accepted; <see langword="null"/>: they are not.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public ServerCertificateValidationResult Validate(
        X509Certificate2? server,
        X509Certificate2Collection sent,
        Func<X509Certificate2, CertificateChain> chainOf,
        HostName host,
        PresentedChain? presented,
        CancellationToken cancellationToken)
    {
        if (server is null)
        {
            const string Nothing = "the server presented no certificate";
            return new([Refusal.Of(DiagnosticCodes.NoServerCertificate, Nothing, Nothing)], []);
        }

        try
        {
            var verification = new Verification(server, sent, _clock.GetUtcNow(), cancellationToken);
            if (verification.IsTooLong)
            {
                return new([VerificationBudget.TooMuch], []);
            }

            var judgment = Judge(chainOf, host, verification);
            if (presented is not null && judgment.IsAccepted && judgment.Path.All(
                one => presented.Contains(one) || _roots.IsOwnAnchor(one)))
            {
                _memory?.Keep(host, presented, judgment.Path);
            }

            return judgment.ToResult();
        }
        catch (Exception e) when (UnbuiltChain.IsReadingFailure(e))
        {
            return new([UnbuiltChain.FailureOf(e)], []);
        }
    }

    private Judgment Judge(Func<X509Certificate2, CertificateChain> chainOf, HostName host, Verification verification)
    {
        var listed = _roots.Find(verification.Server);
        var plain = listed is null
            ? _judge.Judge(() => chainOf(verification.Server), verification)
            : _judge.JudgeListed(listed, verification.Now);
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
            yield return _judge.Judge(
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
            yield return _judge.Judge(
                () => CertificateChain.Build(server.Platform, above, policy), verification, path);
        }
    }
}
