using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Yaml;

namespace FlexTls.Upstreams;

/// <summary>A policy file.</summary>
/// <param name="Path">The file.</param>
/// <param name="NamedAlone">Whether it was named on its own, so that it must have a binding.</param>
internal sealed record PolicyFileUnit(string Path, bool NamedAlone) : PolicyUnit
{
    public override bool IsMissing =>
        Reads.Ask($"look for {Path}", System.IO.Path.GetDirectoryName(Path) ?? "", () => !System.IO.File.Exists(Path), otherwise: false);

    public override UnitReading Read()
    {
        var file = PolicyFileReading.Read(Path, NamedAlone, Reads);
        return new UnitReading(
            [.. file.Bindings.Select(binding => (UpstreamName.Of(binding.Target), Registered(binding)))],
            UpstreamName.Of(file.FaultyTargets),
            file.OtherFaults,
            file.Diagnostics,
            file.Fingerprints)
        {
            File = file,
        };
    }

    private static RegisteredPolicy Registered(TlsPolicyBinding binding) =>
        new(binding.Policy, $"{binding.FileName}({binding.Line})", new Place("", binding.FileName, binding.Line, 1));
}
