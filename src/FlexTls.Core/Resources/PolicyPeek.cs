namespace FlexTls;

/// <summary>
/// Finds the policy that a resource refers to. Each mapping is searched once for a key, however many aliases lead to
/// it: the aliases of skipped resources are not limited, and may repeat each other's mappings.
/// </summary>
internal sealed class PolicyPeek
{
    private static readonly string[] Keys = ["spec", "policyRef", "name"];

    private readonly Dictionary<YamlMapping, PolicyReference>[] _known =
        [.. Keys.Select(_ => new Dictionary<YamlMapping, PolicyReference>(ReferenceEqualityComparer.Instance))];

    /// <summary>The reference of a resource to its policy, wherever it is.</summary>
    public PolicyReference Policy(YamlMapping resource) => Below(resource, 0);

    private PolicyReference Below(YamlNode node, int depth)
    {
        if (depth == Keys.Length)
        {
            return node is YamlScalar name ? PolicyReference.Of(name) : default;
        }

        if (node is not YamlMapping mapping)
        {
            return default;
        }

        if (!_known[depth].TryGetValue(mapping, out var policy))
        {
            policy = ResourcePeek.All(mapping, Keys[depth])
                .Aggregate(policy, (known, child) => known.And(Below(child, depth + 1)));
            _known[depth].Add(mapping, policy);
        }

        return policy;
    }
}
