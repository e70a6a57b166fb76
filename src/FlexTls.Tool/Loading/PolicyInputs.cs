using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>What the arguments of a command name: policy files, sections of appsettings files, and a text.</summary>
/// <param name="PolicyFiles">Files, folders and patterns.</param>
/// <param name="Sections">The sections, by the files that contain them.</param>
/// <param name="Text">The standard input; <see langword="null"/>: it is not named.</param>
internal sealed record PolicyInputs(
    IReadOnlyList<string> PolicyFiles, IReadOnlyDictionary<string, IConfigurationSection> Sections, string? Text)
{
    private const string StandardInput = "-";

    // One more than a policy file may have, which is then reported as too long.
    private const int MostCharacters = (4 * 1024 * 1024) + 1;

    /// <summary>Opens everything but the policy files, which are read with the policies.</summary>
    /// <exception cref="UnusableException">An appsettings file cannot be read.</exception>
    public static async Task<PolicyInputs> OpenAsync(
        IReadOnlyList<string> paths, string section, TextReader standardInput, CancellationToken cancellationToken)
    {
        var (files, sections, text) =
            (new List<string>(), new Dictionary<string, IConfigurationSection>(StringComparer.Ordinal), (string?)null);
        foreach (var path in paths)
        {
            if (path == StandardInput)
            {
                // Not on this thread: a read of the terminal cannot be canceled.
                text ??= await Task.Run(() => ReadBounded(standardInput), cancellationToken)
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                sections[path] = SectionOf(path, section);
            }
            else
            {
                files.Add(path);
            }
        }

        return new PolicyInputs(files, sections, text);
    }

    /// <summary>
    /// The folder that relative paths in the sections begin in, as in a program whose appsettings file is there;
    /// <see langword="null"/>: there are no sections.
    /// </summary>
    /// <exception cref="UnusableException">There are several.</exception>
    public string? ContentRoot => Sections.Keys.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!)
        .Distinct().ToList() switch
    {
        [] => null,
        [var folder] => folder,
        _ => throw new UnusableException(
            "the appsettings files are in several folders, where relative paths mean different files; check them "
            + "one by one."),
    };

    /// <summary>Adds everything to the policies of a program.</summary>
    public void AddTo(OutboundTlsBuilder tls)
    {
        foreach (var file in PolicyFiles)
        {
            tls.AddPolicyFile(Sections.Count == 0 ? file : Path.GetFullPath(file));
        }

        foreach (var section in Sections.Values)
        {
            tls.AddConfiguration(section);
        }

        if (Text is not null)
        {
            tls.AddPolicySource(new TextSource("stdin", Text));
        }
    }

    private static string ReadBounded(TextReader reader)
    {
        var text = new char[MostCharacters];
        return new string(text, 0, reader.ReadBlock(text, 0, text.Length));
    }

    private static IConfigurationSection SectionOf(string path, string section)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: false).Build()
                .GetSection(section);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The first names the parser's place in the file, the second is the platform's.
            var reason = e.InnerException?.InnerException ?? e.InnerException ?? e;
            throw new UnusableException($"{path}: {reason.Message}");
        }
    }
}
