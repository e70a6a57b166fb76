using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// Decides whether a new policy replaces the one in force: now, later, or not at all. Not thread-safe.
/// </summary>
/// <param name="factory">Makes generations.</param>
/// <param name="dangerous">Determines which policies are forbidden.</param>
/// <param name="clock">The clock for times of waiting.</param>
/// <param name="delay">How long a policy that takes something away, or is weaker, must stay the same.</param>
/// <param name="logger">Logs unexpected failures.</param>
internal sealed class PolicyGate(
    UpstreamFactory factory, DangerousPolicies dangerous, TimeProvider clock, TimeSpan delay, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    private readonly List<(PolicySource Source, PendingChange Pending)> _waiting = [];

    /// <summary>How many generations have been made.</summary>
    public int GenerationCount { get; private set; }

    /// <summary>How many of them have come into force.</summary>
    public int InForceCount { get; private set; }

    /// <summary>
    /// The time from the last reload until a waiting change may take effect; <see langword="null"/>: nothing waits.
    /// </summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>The sources of the changes that have waited long enough; they are read once more.</summary>
    public IReadOnlyList<PolicySource> DueSources(ReloadMoment moment) =>
        [.. _waiting.Where(waiting => Left(waiting.Pending, moment) <= TimeSpan.Zero).Select(one => one.Source)];

    /// <summary>Begins a pass over all upstreams.</summary>
    public void Begin()
    {
        _waiting.Clear();
        Due = null;
    }

    /// <summary>Puts a policy in force, or makes it wait.</summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="next">A policy other than the one in force.</param>
    /// <param name="source">Where it was read.</param>
    /// <param name="isStill">Whether the source is known to be unchanged.</param>
    /// <param name="moment">When the reload began.</param>
    /// <returns>Why the policy cannot be put in force; empty: it is, or will be.</returns>
    public IReadOnlyList<TlsPolicyDiagnostic> Replace(
        Upstream upstream, RegisteredPolicy next, PolicySource source, bool isStill, ReloadMoment moment)
    {
        try
        {
            if (Renewal.Find(upstream.Source.Policy, next, moment.Now) is { } renewal)
            {
                WakeAfter(renewal.Until - moment.Now);
                return [renewal.Problem];
            }

            // Even if it has waited: meanwhile the upstream may have got its first client.
            dangerous.Check(next);
            upstream.Check(next);
            var change = PolicyChange.Between(upstream.Source.Policy, next.Policy);
            var pending = upstream.Pending is { } known && known.Generation.Policy.Equals(next.Policy)
                ? known
                : Load(upstream, next, change, moment);
            if (change.Reasons.Count > 0 && !moment.IsConfirmed && !(isStill && Left(pending, moment) <= TimeSpan.Zero))
            {
                upstream.Await(pending);
                _waiting.Add((source, pending));
                WakeAfter(Left(pending, moment));
                return [];
            }

            PutInForce(upstream, next, pending, moment);
            return [];
        }
        catch (TlsPolicyException e)
        {
            return e.Diagnostics;
        }
        catch (Exception e)
        {
            return Failed(upstream.Name, next, e);
        }
    }

    /// <summary>Reports an unexpected failure; it must not hold up the other upstreams.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Failed(string upstream, RegisteredPolicy next, Exception exception)
    {
        ReloadLog.ReplacementFailed(logger, upstream, exception);
        WakeAfter(RetryDelay);
        return [DiagnosticList.OneError(DiagnosticCodes.ReplacementFailed, next.Place,
            $"{next.Source}: the policy could not be put in force ({exception.GetType().Name}); the log has the whole "
            + "exception.")];
    }

    private PendingChange Load(Upstream upstream, RegisteredPolicy next, PolicyChange change, ReloadMoment moment)
    {
        var generation = factory.CreateGeneration(upstream, next);
        GenerationCount++;
        return new PendingChange(generation, change, moment.Now, moment.Now + delay) { Start = moment.Timestamp };
    }

    private void PutInForce(Upstream upstream, RegisteredPolicy next, PendingChange pending, ReloadMoment moment)
    {
        factory.Announce(pending.Generation);
        upstream.Replace(pending.Generation, next, moment.IsConfirmed);
        InForceCount++;
        if (pending.Change.Weaker.Count > 0)
        {
            upstream.Log.Weakened(upstream.Current.Number, pending.Change.Weaker);
        }
    }

    private TimeSpan Left(PendingChange pending, ReloadMoment moment) =>
        delay - clock.GetElapsedTime(pending.Start, moment.Timestamp);

    private void WakeAfter(TimeSpan? time)
    {
        // A wait that is over needs no timer: the watch on its changing source starts the next reload.
        if (time > TimeSpan.Zero && !(Due <= time))
        {
            Due = time;
        }
    }
}
