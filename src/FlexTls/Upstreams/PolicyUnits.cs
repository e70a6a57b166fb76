using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;
using FlexTls.Yaml;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Upstreams;

/// <summary>Finds the units of what was registered.</summary>
internal static class PolicyUnits
{
    /// <summary>The units as they are now: files come and go, and the configuration can name others.</summary>
    /// <param name="sources">What was registered.</param>
    /// <param name="contentRoot">Where relative paths start.</param>
    /// <param name="configuration">The configuration of the program, if it is registered.</param>
    /// <param name="diagnostics">
    /// Receives a fault for each pattern that matches nothing. Faults of sections are reported when their unit is read.
    /// </param>
    /// <param name="reads">Finds and reads files with a time limit.</param>
    /// <param name="known">What was found earlier.</param>
    public static IReadOnlyList<PolicyUnit> Find(
        OutboundTlsSources sources,
        string contentRoot,
        IConfiguration? configuration,
        DiagnosticList diagnostics,
        BoundedReads reads,
        KnownListings? known = null) =>
    [
        .. PolicyFileFinder
            .Find(Patterns(sources, configuration), diagnostics, reads, known, contentRoot)
            .Select(file => new PolicyFileUnit(file.Path, file.NamedAlone) { Reads = reads }),
        .. sources.Policies.Select(policy => new CodeUnit(policy.Name, policy.Policy, contentRoot) { Reads = reads }),
        .. sources.Configurations.Select((section, index) =>
            new ConfigurationUnit(index, section, configuration, contentRoot) { Reads = reads }),
    ];

    /// <summary>
    /// The files, folders and patterns that are named as they are now, in code and in the configuration.
    /// </summary>
    public static IEnumerable<string> Patterns(OutboundTlsSources sources, IConfiguration? configuration) =>
        sources.PolicyFiles.Concat(sources.Configurations.SelectMany(section => NamedBy(section, configuration)));

    private static IReadOnlyList<string> NamedBy(IConfiguration section, IConfiguration? configuration)
    {
        var toldByItsUnit = new DiagnosticList();
        return ConfigurationSources.Open(section, configuration, toldByItsUnit) is { } opened ? ConfigurationSources.ReadPolicyFiles(opened, toldByItsUnit) : [];
    }
}
