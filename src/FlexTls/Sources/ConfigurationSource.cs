using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>The policies in a section of the configuration; the files that it names are sources of their own.</summary>
/// <param name="Index">Its number: sections of two configurations can have the same path.</param>
/// <param name="Section">The section.</param>
/// <param name="Registered">The configuration of the program, if it is registered.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record ConfigurationSource(
    int Index, IConfiguration Section, IConfiguration? Registered, string ContentRoot) : PolicySource, IWatchedSource
{
    /// <summary>The providers that had something of the section.</summary>
    public required ConfigurationLayers Layers { get; init; }

    public override string Shown => Section is IConfigurationSection { Path: var path }
        ? $"the configuration section {Text.Quote(path)}"
        : "the configuration";

    public override string Item => string.Create(CultureInfo.InvariantCulture, $"configuration {Index}");

    /// <summary>The version of what the section holds now.</summary>
    public ContentVersion Look()
    {
        var entries = Section.AsEnumerable().OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
            .Select(entry => $"{entry.Key}={entry.Value?.Length}:{entry.Value}\n");
        return ContentVersion.Of(string.Concat(entries));
    }

    /// <summary>
    /// The files that the section names; <see langword="null"/>: it is missing, or no section of policies, or a
    /// provider has lost what it had of it.
    /// </summary>
    public IReadOnlyList<string>? PolicyFiles() =>
        Layers.Update(Section, Registered) is null ? SectionReader.PolicyFilesOf(Section, Registered) : null;

    /// <summary>
    /// The fault of a section whose provider failed, without the exception's message, which may contain what the
    /// provider reads.
    /// </summary>
    public TlsPolicyDiagnostic Failure(Exception exception) => DiagnosticList.OneError(
        DiagnosticCodes.ConfigurationFailed, new Place(""),
        $"{Shown} cannot be read: a provider of the configuration failed ({exception.GetType().Name}).");

    /// <summary>The version of a section whose provider failed.</summary>
    public static ContentVersion VersionOf(Exception exception) =>
        ContentVersion.Unreadable(exception.GetType().Name);

    public override SourceReading Read()
    {
        var (files, ofSection, version) =
            (new ValueReads(ContentRoot, Reads, Secrets), new DiagnosticList(), default(ContentVersion));
        var policies = new List<NamedPolicy>();
        try
        {
            version = Look();
            // If nothing is left at all, that has a message of its own.
            if (Layers.Update(Section, Registered) is { } emptied && Section.GetChildren().Any())
            {
                ofSection.Error(DiagnosticCodes.ConfigurationFailed, new Place(""), Emptied(emptied));
            }
            else
            {
                policies.AddRange(SectionReader.Read(Section, Registered, files, ofSection).Select(NamedPolicy.Of));
            }
        }
        catch (Exception e)
        {
            ofSection.AddRange([Failure(e)]);
            version = VersionOf(e);
        }

        var versions = new Dictionary<string, ContentVersion>(files.Versions, StringComparer.Ordinal)
        {
            [Item] = version,
        };
        return SourceReading.Of(policies, ofSection.InFileOrder(), versions);
    }

    private string Emptied(string provider) =>
        $"{Shown} has lost its entries from {Text.Quote(provider)}, which is empty now: its file cannot be parsed (the "
        + "platform then empties it without a word) or was deleted. Correct or restore it; if it is meant to be empty, "
        + "restart the program.";
}
