using System.Globalization;
using FlexTls.Diagnostics;
using FlexTls.Resources;
using FlexTls.Secrets;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Sources;

/// <summary>The policies in a section of the configuration; the files that it names are sources of their own.</summary>
/// <param name="Index">Its number: sections of two configurations can have the same path.</param>
/// <param name="Section">The section.</param>
/// <param name="Registered">The configuration of the program, if it is registered.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record ConfigurationSource(
    int Index, IConfiguration Section, IConfiguration? Registered, string ContentRoot) : PolicySource, IWatchedSource
{
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
            policies.AddRange(SectionReader.Read(Section, Registered, files, ofSection).Select(NamedPolicy.Of));
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
}
