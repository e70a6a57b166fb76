using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>
/// Which certificates did not sign which others: found out once, however many paths share the two. It only saves the
/// platform paths that it would refuse; what it accepts, the platform checks again. All checks, the platform's too, are
/// counted by what their keys cost.
/// </summary>
internal sealed class SignatureMemory(VerificationBudget budget)
{
    private readonly Dictionary<(DecodedCertificate Child, DecodedCertificate Issuer), bool> _isBad = [];
    private int _cost;

    /// <summary>How many signatures were checked here.</summary>
    public int Count => _isBad.Count;

    /// <summary>
    /// Whether a signature in the path is bad. The highest comes first: who has no CA gets no further.
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

    /// <summary>Whether the platform may check all signatures of a path once more.</summary>
    public bool MayCost(IReadOnlyList<DecodedCertificate> path) =>
        TrySpend(path.Skip(1).Sum(issuer => KeyDescription.Of(issuer).Cost));

    private bool TrySpend(int cost)
    {
        _cost += cost;
        return _cost <= VerificationBudget.MostSignatures || budget.Exhaust();
    }
}
