using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>A policy that stands on a client, or on all of them, and belongs to no Service.</summary>
/// <param name="Owner">The client, in words.</param>
/// <param name="Policy">The policy.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record ClientUnit(string Owner, PolicyInCode Policy, string ContentRoot) : PolicyUnit
{
    public override UnitReading Read()
    {
        var (files, found) = (new FileReads(ContentRoot, Reads), new DiagnosticList());
        var policy = Policy.Parse(Owner, files, found);
        var reading = new UnitReadingBuilder(files);
        reading.AddOthers(found.InFileOrder());
        return reading.Build() with { OfClient = policy is null ? null : new RegisteredPolicy(policy, Owner, new Place(Owner)) };
    }
}
