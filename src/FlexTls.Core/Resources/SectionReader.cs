using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>Reads a section of a configuration: policy files, and policies with the keys of <c>config</c>.</summary>
internal static class SectionReader
{
    /// <summary>
    /// The files that the section names; <see cref="Read"/> reports its faults. <c>$NAME</c> is not expanded here: it
    /// stands for values of a policy, which no message quotes, whereas messages must name the files.
    /// </summary>
    /// <param name="configuration">The section.</param>
    /// <param name="registered">The configuration of the program, if it is registered.</param>
    /// <returns>The files; <see langword="null"/>: it is not a section of policies, or is empty.</returns>
    public static IReadOnlyList<string>? PolicyFilesOf(IConfiguration configuration, IConfiguration? registered)
    {
        var reportedByRead = new DiagnosticList();
        return Open(configuration, registered, reportedByRead) is { } section
            ? ReadPolicyFiles(section, reportedByRead)
            : null;
    }

    /// <summary>
    /// The policies in the section, each with its own findings: a fault in one does not affect the others.
    /// </summary>
    /// <param name="configuration">What the user passed, which may be something else than the section.</param>
    /// <param name="registered">The configuration of the program, if it is registered.</param>
    /// <param name="values">Reads the files and secrets that policies refer to.</param>
    /// <param name="diagnostics">Receives the faults of the section outside its policies.</param>
    public static IReadOnlyList<SectionPolicy> Read(
        IConfiguration configuration, IConfiguration? registered, ValueReads values, DiagnosticList diagnostics)
    {
        if (Open(configuration, registered, diagnostics) is not { } section)
        {
            return [];
        }

        ReadPolicyFiles(section, diagnostics);
        var upstreams = section.Section(SectionKeys.Upstreams);
        var policies = (upstreams?.Keys ?? []).Select(name => ReadPolicy(upstreams!, name, values)).ToList();
        section.RejectOthers();
        return policies;
    }

    private static PolicySection? Open(
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

    private static List<string> ReadPolicyFiles(PolicySection section, DiagnosticList diagnostics)
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

    private static SectionPolicy ReadPolicy(PolicySection upstreams, string name, ValueReads values)
    {
        // Nothing below a name is the default policy: an empty object has no other form in a configuration.
        var (found, place) = (new DiagnosticList(), upstreams.PlaceOfKey(name));
        var config = upstreams.Section(name, found);
        var policy = config is null ? null
            : OutboundTlsPolicy.Parse(PolicyDocumentReader.Read(config, values, found), found);
        return new SectionPolicy(ServiceName.Read(name, place, found), policy, place, found);
    }
}
