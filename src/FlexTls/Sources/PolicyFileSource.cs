namespace FlexTls;

/// <summary>A policy file.</summary>
/// <param name="Path">The file.</param>
/// <param name="NamedAlone">Whether it was named by itself and must therefore have a binding.</param>
internal sealed record PolicyFileSource(string Path, bool NamedAlone) : PolicySource
{
    public override bool IsMissing => Reads.Ask(
        $"look for {Path}", System.IO.Path.GetDirectoryName(Path) ?? "", () => !File.Exists(Path), otherwise: false);

    public override string Shown => Path;

    public override string Item => Path;

    public override SourceReading Read()
    {
        var file = PolicyFileReading.Read(Path, NamedAlone, Reads, Secrets);
        return SourceReading.Of([file], file.Versions);
    }
}
