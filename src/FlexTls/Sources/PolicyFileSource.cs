using FlexTls.Diagnostics;
using FlexTls.Yaml;

namespace FlexTls.Sources;

/// <summary>A policy file.</summary>
/// <param name="Path">The file.</param>
/// <param name="NamedAlone">Whether it was named on its own, so that it must have a binding.</param>
internal sealed record PolicyFileSource(string Path, bool NamedAlone) : PolicySource
{
    public override bool IsMissing => Reads.Ask(
        $"look for {Path}", System.IO.Path.GetDirectoryName(Path) ?? "", () => !System.IO.File.Exists(Path),
        otherwise: false);

    public override SourceReading Read()
    {
        var file = PolicyFileReading.Read(Path, NamedAlone, Reads);
        return new SourceReading(
            [.. file.Bindings.Select(binding => (UpstreamKey.Of(binding.Target), Registered(binding)))],
            UpstreamKey.Of(file.FaultyTargets).ToLookup(fault => fault.Key, fault => fault.Error),
            file.OtherFaults,
            file.Diagnostics,
            file.Fingerprints)
        {
            File = file,
        };
    }

    private static RegisteredPolicy Registered(TlsPolicyBinding binding) => new(
        binding.Policy, $"{binding.FileName}({binding.Line})", new Place("", binding.FileName, binding.Line, 1));
}
