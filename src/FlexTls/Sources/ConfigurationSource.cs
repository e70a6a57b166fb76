using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Sources;

/// <summary>
/// The policies that a section of the configuration holds; the files that it names are sources of their own.
/// </summary>
/// <param name="Index">Which one it is: sections of two configurations can have the same path.</param>
/// <param name="Section">The section.</param>
/// <param name="Registered">The configuration of the program, if it is registered.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record ConfigurationSource(
    int Index, IConfiguration Section, IConfiguration? Registered, string ContentRoot) : PolicySource
{
    /// <summary>The section's name among the files and sections that sources are made of.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"configuration {Index}");

    /// <summary>Equal for sections that hold the same.</summary>
    public string Fingerprint()
    {
        var entries = Section.AsEnumerable().OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
            .Select(entry => $"{entry.Key}={entry.Value?.Length}:{entry.Value}\n");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(entries))));
    }

    public override SourceReading Read()
    {
        var (files, ofSection, fingerprint) = (new FileReads(ContentRoot, Reads), new DiagnosticList(), "");
        var policies = new List<NamedPolicy>();
        try
        {
            fingerprint = Fingerprint();
            if (SectionReader.Open(Section, Registered, ofSection) is { } section)
            {
                SectionReader.ReadPolicyFiles(section, ofSection);
                policies.AddRange(SectionReader.ReadPolicies(section, files, ofSection));
            }
        }
        catch (Exception e)
        {
            // A provider of the user's: its message may contain what it provides.
            ofSection.Error(DiagnosticCodes.NoSuchSection, new Place(""),
                $"{Key} cannot be read: its provider fails ({e.GetType().Name}).");
            fingerprint = $"!{e.GetType().Name}";
        }

        var fingerprints = new Dictionary<string, string>(files.Fingerprints, StringComparer.Ordinal)
        {
            [Key] = fingerprint,
        };
        return SourceReading.Of(policies, ofSection.InFileOrder(), fingerprints);
    }
}
