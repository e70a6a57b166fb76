using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Secrets;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Sources;

/// <summary>Reads a section of the configuration: policy files, and policies with the keys of <c>config</c>.</summary>
internal static class SectionReader
{
    /// <summary>The section, if it is one; <see langword="null"/> after a reported fault.</summary>
    /// <param name="configuration">What the user passed.</param>
    /// <param name="registered">The configuration of the program, if it is registered.</param>
    /// <param name="diagnostics">Where faults go.</param>
    public static PolicySection? Open(
        IConfiguration configuration, IConfiguration? registered, DiagnosticList diagnostics)
    {
        var path = (configuration as IConfigurationSection)?.Path ?? "";
        if (SectionMistake.In(configuration, path) is { } mistake)
        {
            diagnostics.Error(DiagnosticCodes.NoSuchSection, new Place(path), mistake);
            return null;
        }

        return new PolicySection(
            configuration, path, ConfigurationProviders.Of(configuration, registered), diagnostics);
    }

    /// <summary>
    /// The files that the section names. <c>$NAME</c> is not expanded here: it stands for values of a policy, which no
    /// message quotes, whereas messages must name the files.
    /// </summary>
    public static IReadOnlyList<string> ReadPolicyFiles(PolicySection section, DiagnosticList diagnostics)
    {
        var files = new List<string>();
        foreach (var file in section.List(SectionKeys.PolicyFiles) ?? [])
        {
            if (string.IsNullOrWhiteSpace(file.Text))
            {
                diagnostics.Error(
                    DiagnosticCodes.EmptyValue, file.Place,
                    $"{file.Place.Path} is empty; write a file, a folder or a pattern.");
                continue;
            }

            files.Add(file.Text);
        }

        return files;
    }

    /// <summary>
    /// The policies in the section, each with its own findings: a fault in one does not affect the others.
    /// </summary>
    /// <param name="section">The section.</param>
    /// <param name="files">Reads the files that policies refer to.</param>
    /// <param name="diagnostics">Receives the faults of the section outside its policies.</param>
    public static IReadOnlyList<NamedPolicy> ReadPolicies(
        PolicySection section, ValueReads files, DiagnosticList diagnostics)
    {
        var upstreams = section.Section(SectionKeys.Upstreams);
        var policies = (upstreams?.Keys ?? []).Select(name => ReadPolicy(upstreams!, name, files)).ToList();
        section.RejectOthers();
        return policies;
    }

    private static NamedPolicy ReadPolicy(PolicySection upstreams, string name, ValueReads files)
    {
        // Nothing below a name is the default policy: an empty object has no other form in a configuration.
        var (found, place) = (new DiagnosticList(), upstreams.PlaceOfKey(name));
        var config = upstreams.Section(name, found);
        var policy = config is null ? null
            : OutboundTlsPolicy.Parse(PolicyDocumentReader.Read(config, files, found), found);
        return NamedPolicy.Of(NamedPolicy.ServiceOf(name, place, found), policy, place.Path, place, found);
    }
}
