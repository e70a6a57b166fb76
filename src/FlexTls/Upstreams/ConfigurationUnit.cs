using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Upstreams;

/// <summary>The policies that a section of the configuration holds; the files that it names are units of their own.</summary>
/// <param name="Index">Which one it is: sections of two configurations can have the same path.</param>
/// <param name="Section">The section.</param>
/// <param name="Registered">The configuration of the program, if it is registered.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record ConfigurationUnit(int Index, IConfiguration Section, IConfiguration? Registered, string ContentRoot) : PolicyUnit
{
    /// <summary>What the section is called among the files and sections that units are made of.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"configuration {Index}");

    /// <summary>Equal for sections that hold the same.</summary>
    public string Fingerprint()
    {
        var entries = Section.AsEnumerable().OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(entry => $"{entry.Key}={entry.Value?.Length}:{entry.Value}\n");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(entries))));
    }

    public override UnitReading Read()
    {
        var (files, ofSection, fingerprint) = (new FileReads(ContentRoot, Reads), new DiagnosticList(), "");
        var reading = new UnitReadingBuilder(files);
        try
        {
            fingerprint = Fingerprint();
            Read(reading, files, ofSection);
        }
        catch (Exception e)
        {
            // A provider of the user's: what it says may hold what it provides.
            ofSection.Error(DiagnosticCodes.NoSuchSection, new Place(""), $"{Key} cannot be read: its provider fails ({e.GetType().Name}).");
            fingerprint = $"!{e.GetType().Name}";
        }

        reading.AddOthers(ofSection.InFileOrder());
        var built = reading.Build();
        return built with { Fingerprints = new Dictionary<string, string>(built.Fingerprints, StringComparer.Ordinal) { [Key] = fingerprint } };
    }

    private void Read(UnitReadingBuilder reading, FileReads files, DiagnosticList ofSection)
    {
        if (ConfigurationSources.Open(Section, Registered, ofSection) is { } section)
        {
            ConfigurationSources.ReadPolicyFiles(section, ofSection);
            foreach (var (name, place, policy, found) in ConfigurationSources.ReadPolicies(section, files, ofSection))
            {
                reading.Add(name, place, place.Path, policy, found);
            }
        }
    }
}
