using System.Text;

namespace FlexTls;

/// <summary>
/// The result of reading one policy file. An error inside one binding leaves the others good;
/// <see cref="CrossFileRules"/> finds faults that need several files.
/// </summary>
internal sealed class PolicyFileReading
{
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // An error with one of these codes may hide errors of bindings that were never reached.
    private static readonly string[] CodesThatHideOthers =
        [DiagnosticCodes.TooManyErrors, DiagnosticCodes.TooManyAliasNodes];

    private PolicyFileReading(string? path, FoundResources found, DiagnosticList diagnostics, ValueReads files)
    {
        Path = path;
        Written = found.Bindings;
        FaultyTargets = found.Faults.ToLookup(fault => fault.Target, fault => fault.Error);
        Bindings = [.. Written.Where(binding => !FaultyTargets.Contains(binding.Target))];
        Services = found.Services;
        Diagnostics = diagnostics.InFileOrder();
        Versions = files.Versions;

        var ofTargets = found.Faults.Select(fault => fault.Error).ToHashSet(ReferenceEqualityComparer.Instance);
        OtherFaults = [.. Diagnostics.Where(
            d => d.Severity == TlsPolicyDiagnosticSeverity.Error
                && (!ofTargets.Contains(d) || CodesThatHideOthers.Contains(d.Code)))];
    }

    /// <summary>The path of the file as the user named it; <see langword="null"/>: a text without a name.</summary>
    public string? Path { get; }

    /// <summary>
    /// The good bindings, in file order. A Service may have two of them; <see cref="CrossFileRules"/> reports that.
    /// </summary>
    public IReadOnlyList<TlsPolicyBinding> Bindings { get; }

    /// <summary>
    /// All bindings that could be created, including those of <see cref="FaultyTargets"/>: for rules, not for use.
    /// </summary>
    public IReadOnlyList<TlsPolicyBinding> Written { get; }

    /// <summary>The Services whose binding has a fault, each with its errors.</summary>
    public ILookup<ServiceName, TlsPolicyDiagnostic> FaultyTargets { get; }

    /// <summary>
    /// The errors that cannot be assigned to a Service. If there is one, the bindings of the file are uncertain.
    /// </summary>
    public IReadOnlyList<TlsPolicyDiagnostic> OtherFaults { get; }

    /// <summary>The services that the file describes, in file order.</summary>
    public IReadOnlyList<UpstreamService> Services { get; }

    /// <summary>All findings, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }

    /// <summary>
    /// The versions of the file and of all that it refers to: files by absolute path, secrets by reference.
    /// </summary>
    public IReadOnlyDictionary<string, ContentVersion> Versions { get; }

    /// <summary>The text; <see langword="null"/>: a file was read.</summary>
    public YamlText? Text { get; private init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="namedAlone">Whether the user named it on its own, so that it must have a binding.</param>
    /// <param name="reads">The time limit; <see langword="null"/>: by the system clock.</param>
    /// <param name="secrets">The providers of secrets; <see langword="null"/>: none.</param>
    public static PolicyFileReading Read(
        string path, bool namedAlone, BoundedReads? reads = null, SecretProviders? secrets = null)
    {
        var (found, diagnostics, files) =
            (new FoundResources(), new DiagnosticList(), FilesBeside(path, reads, secrets));
        if (TextOf(path, files, diagnostics) is { } text)
        {
            Read(text, found, diagnostics, files);
            if (text.Text.Length > 0 && text.Text[^1] is not ('\n' or '\r'))
            {
                diagnostics.Information(
                    DiagnosticCodes.NoLineBreakAtEnd, new Place("", path),
                    "the file does not end with a line break; if it is still being written, its end is missing.");
            }

            if (namedAlone && found.Bindings.Count == 0 && !diagnostics.HasErrors)
            {
                diagnostics.Error(
                    DiagnosticCodes.NoBinding, new Place("", path),
                    $"the file has no {FlexResource.TlsOutbound} binding; is it the right file?");
            }
        }

        return new PolicyFileReading(path, found, diagnostics, files);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="values">
    /// Reads the files and secrets of the text; <see langword="null"/>: as if the text were the content of the file of
    /// its name.
    /// </param>
    public static PolicyFileReading Read(YamlText text, ValueReads? values = null)
    {
        var (found, diagnostics) = (new FoundResources(), new DiagnosticList());
        values ??= FilesBeside(text.FileName, null, null);
        Read(text, found, diagnostics, values);
        return new PolicyFileReading(text.FileName, found, diagnostics, values)
        {
            Text = text,
        };
    }

    private static void Read(YamlText text, FoundResources found, DiagnosticList diagnostics, ValueReads files)
    {
        if (text.Text.Length > YamlLimits.Length)
        {
            diagnostics.Error(
                DiagnosticCodes.TooLong, new Place("", text.FileName), "the text is longer than 4 MiB; split it.");
            return;
        }

        var reader = new ResourceReader(new ReadingContext(text, files, diagnostics), found);
        foreach (var root in new YamlDocumentReader(text, diagnostics).ReadAll())
        {
            reader.Read(root);
        }
    }

    /// <summary>Relative paths in a text start at the folder of its file.</summary>
    private static ValueReads FilesBeside(string? fileName, BoundedReads? reads, SecretProviders? secrets) =>
        new(System.IO.Path.GetDirectoryName(fileName) ?? "", reads, secrets);

    private static YamlText? TextOf(string path, ValueReads files, DiagnosticList diagnostics)
    {
        var content = files.Read(path, YamlLimits.Length);
        if (content.Bytes is null)
        {
            var (code, problem) = content.IsTooLong
                ? (DiagnosticCodes.TooLong, "the file is longer than 4 MiB; split it.")
                : (DiagnosticCodes.UnreadableFile, $"the file cannot be used: {content.Problem}.");
            diagnostics.Error(code, new Place("", path), problem);
            return null;
        }

        var fault = content.Bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || content.Bytes.Contains((byte)0)
            ? "the file is UTF-16, as Windows PowerShell writes when it redirects output, or binary"
            : "the file is not UTF-8, but perhaps in an encoding of Windows, or binary";
        try
        {
            if (!content.Bytes.Contains((byte)0))
            {
                return new YamlText(StrictUtf8.GetString(content.Bytes), path);
            }
        }
        catch (DecoderFallbackException)
        {
            // Reported below, like null bytes, which never occur in text.
        }

        diagnostics.Error(DiagnosticCodes.NotUtf8, new Place("", path), $"{fault}; save it as UTF-8.");
        return null;
    }
}
