using FlexTls.Diagnostics;
using FlexTls.Sources;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Upstreams;

/// <summary>Reads all sources together, so that what only shows across them is found.</summary>
internal static class RegisteredPolicies
{
    /// <summary>The policies by upstream; incomplete if <paramref name="diagnostics"/> has an error.</summary>
    /// <param name="sources">What was registered.</param>
    /// <param name="contentRoot">Where relative paths start.</param>
    /// <param name="configuration">The configuration of the program, if it is registered.</param>
    /// <param name="diagnostics">Where findings go.</param>
    public static Dictionary<UpstreamName, RegisteredPolicy> Read(
        OutboundTlsSources sources, string contentRoot, IConfiguration? configuration, DiagnosticList diagnostics)
    {
        var sections = sources.Configurations.Select(section => ConfigurationSources.Open(section, configuration, diagnostics)).OfType<PolicySection>().ToList();
        var files = sources.PolicyFiles.Concat(sections.SelectMany(section => ConfigurationSources.ReadPolicyFiles(section, diagnostics))).ToList();
        var policies = new Dictionary<UpstreamName, RegisteredPolicy>();
        foreach (var (name, policy) in FromFiles(files, contentRoot, diagnostics)
            .Concat(FromCode(sources, contentRoot, diagnostics))
            .Concat(sections.SelectMany(section => FromConfiguration(section, contentRoot, diagnostics))))
        {
            if (!policies.TryAdd(name, policy))
            {
                diagnostics.Error(DiagnosticCodes.UpstreamTwice, policy.Place,
                    $"upstream '{name}' has a policy from {policies[name].Source} and another one from {policy.Source}; keep one.");
            }
        }

        return policies;
    }

    private static IEnumerable<(UpstreamName, RegisteredPolicy)> FromFiles(List<string> patterns, string contentRoot, DiagnosticList diagnostics)
    {
        if (patterns.Count == 0)
        {
            return [];
        }

        try
        {
            var set = TlsPolicyFile.Load(patterns.Select(pattern => Path.Combine(contentRoot, pattern)));
            diagnostics.AddRange(set.Diagnostics);
            return set.Bindings.Select(binding => (
                new UpstreamName(binding.TargetNamespace, binding.TargetName),
                new RegisteredPolicy(binding.Policy, $"{binding.FileName}({binding.Line})", new Place("", binding.FileName, binding.Line, 1))));
        }
        catch (TlsPolicyException e)
        {
            diagnostics.AddRange(e.Diagnostics);
            return [];
        }
    }

    private static IEnumerable<(UpstreamName, RegisteredPolicy)> FromCode(OutboundTlsSources sources, string contentRoot, DiagnosticList diagnostics)
    {
        foreach (var (name, code) in sources.Policies)
        {
            var source = $"AddPolicy(\"{name}\", …)";
            var policy = code.Parse($"upstream '{name}'", contentRoot, diagnostics);
            if (Named(name, new Place(source), diagnostics) is { } upstream && policy is not null)
            {
                yield return (upstream, new RegisteredPolicy(policy, source, new Place(source)));
            }
        }
    }

    private static IEnumerable<(UpstreamName, RegisteredPolicy)> FromConfiguration(PolicySection section, string contentRoot, DiagnosticList diagnostics)
    {
        foreach (var (name, place, policy) in ConfigurationSources.ReadPolicies(section, contentRoot, diagnostics))
        {
            if (Named(name, place, diagnostics) is { } upstream && policy is not null)
            {
                yield return (upstream, new RegisteredPolicy(policy, place.Path, place));
            }
        }
    }

    private static UpstreamName? Named(string text, Place place, DiagnosticList diagnostics)
    {
        var name = UpstreamName.TryParse(text);
        if (name is null)
        {
            diagnostics.Error(DiagnosticCodes.NotAServiceName, place,
                $"{place.Path}: {Text.Quote(text)} is no name of a Service; write orders or payments/orders. Policy files are named by AddPolicyFile, or under PolicyFiles.");
        }

        return name;
    }
}
