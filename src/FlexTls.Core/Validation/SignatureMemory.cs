namespace FlexTls;

/// <summary>
/// Remembers which certificates did not sign which others, so that each pair is checked once, however many paths share
/// it. This only saves the platform paths that it would refuse; it checks again whatever it accepts. All checks,
/// including the platform's, count by the cost of their keys.
/// </summary>
internal sealed class SignatureMemory(VerificationBudget budget)
{
    private readonly Dictionary<(DecodedCertificate Child, DecodedCertificate Issuer), bool> _isBad = [];
    private long _cost;

    /// <summary>How many signatures were checked here.</summary>
    public int Count => _isBad.Count;

    /// <summary>
    /// Whether a signature in the path is bad. Starts at the top: an attacker without a CA gets no further.
    /// </summary>
    public bool Refuses(IReadOnlyList<DecodedCertificate> path)
    {
        for (var i = path.Count - 2; i >= 0; i--)
        {
            var pair = (path[i], path[i + 1]);
            if (!_isBad.TryGetValue(pair, out var isBad))
            {
                if (!TrySpend(KeyDescription.Of(pair.Item2).Cost))
                {
                    return true;
                }

                _isBad.Add(pair, isBad = SignatureRules.IsBad(pair.Item1, pair.Item2));
            }

            if (isBad)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the budget allows the platform to check all signatures of a path again.</summary>
    public bool MayCost(IReadOnlyList<DecodedCertificate> path) =>
        TrySpend(path.Skip(1).Sum(issuer => (long)KeyDescription.Of(issuer).Cost));

    private bool TrySpend(long cost)
    {
        budget.ThrowIfCanceled();
        _cost += cost;
        return _cost <= VerificationBudget.MostSignatures || budget.Exhaust();
    }
}
