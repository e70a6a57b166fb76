using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>A policy in code.</summary>
/// <param name="Name">The upstream as it is written.</param>
/// <param name="Policy">The policy.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record CodeUnit(string Name, PolicyInCode Policy, string ContentRoot) : PolicyUnit
{
    public override UnitReading Read()
    {
        var (files, found) = (new FileReads(ContentRoot, Reads), new DiagnosticList());
        var source = $"AddPolicy(\"{Name}\", …)";
        var policy = Policy.Parse($"upstream '{Name}'", files, found);
        var reading = new UnitReadingBuilder(files);
        reading.Add(Name, new Place(source), source, policy, found.InFileOrder());
        return reading.Build();
    }
}
