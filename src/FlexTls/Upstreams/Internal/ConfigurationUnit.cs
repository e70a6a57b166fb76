using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Upstreams;

/// <summary>The policies that a section of the configuration holds; the files that it names are units of their own.</summary>
/// <param name="Section">The section.</param>
/// <param name="Registered">The configuration of the program, if it is registered.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record ConfigurationUnit(IConfiguration Section, IConfiguration? Registered, string ContentRoot) : PolicyUnit
{
    public override UnitReading Read()
    {
        var (files, ofSection) = (new FileReads(ContentRoot), new DiagnosticList());
        var reading = new UnitReadingBuilder(files);
        if (ConfigurationSources.Open(Section, Registered, ofSection) is { } section)
        {
            ConfigurationSources.ReadPolicyFiles(section, ofSection);
            foreach (var (name, place, policy, found) in ConfigurationSources.ReadPolicies(section, files, ofSection))
            {
                reading.Add(name, place, place.Path, policy, found);
            }
        }

        reading.AddOthers(ofSection.InFileOrder());
        return reading.Build();
    }
}
