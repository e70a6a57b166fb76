using System.Text;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Yaml;

namespace FlexTls;

/// <summary>Reads policy files: YAML with the resources of a Flex Gateway, of which the <c>tls-outbound</c> bindings count.</summary>
public static class TlsPolicyFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Loads policy files together, so that conflicts between them are found.</summary>
    /// <param name="filesFoldersOrGlobs">
    /// Files; folders, of which the <c>*.yaml</c> and <c>*.yml</c> directly in them are read; or patterns with <c>*</c>
    /// and <c>**</c>. Relative paths start at the current directory. UTF-8, at most 4 MiB each.
    /// </param>
    /// <returns>All bindings and services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="filesFoldersOrGlobs"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">One of the names is <see langword="null"/>.</exception>
    /// <exception cref="TlsPolicyException">
    /// Something is wrong in a file, a name matches nothing, or a file that was named on its own has no binding; all
    /// faults are in it.
    /// </exception>
    public static TlsPolicySet Load(params IEnumerable<string> filesFoldersOrGlobs)
    {
        ArgumentNullException.ThrowIfNull(filesFoldersOrGlobs);
        string[] names = [.. filesFoldersOrGlobs];
        if (names.Contains(null))
        {
            throw new ArgumentException("A name is null.", nameof(filesFoldersOrGlobs));
        }

        var builder = new PolicySetBuilder();
        foreach (var (path, namedAlone) in PolicyFileFinder.Find(names, builder.Diagnostics))
        {
            var (bindings, errors) = (builder.BindingCount, builder.Diagnostics.ErrorCount);
            if (ReadFile(path, builder.Diagnostics) is not { } text)
            {
                continue;
            }

            builder.Read(text);
            if (text.Text.Length > 0 && text.Text[^1] is not ('\n' or '\r'))
            {
                builder.Diagnostics.Information(DiagnosticCodes.NoLineBreakAtEnd, new Place("", path), "the file does not end with a line break; if it is still being written, its end is missing.");
            }

            if (namedAlone && builder.BindingCount == bindings && builder.Diagnostics.ErrorCount == errors)
            {
                builder.Diagnostics.Error(DiagnosticCodes.NoBinding, new Place("", path), $"the file has no {FlexResource.TlsOutbound} binding; is it the right file?");
            }
        }

        if (names.Length > 0)
        {
            WarnAboutNoBinding(builder, null);
        }

        return Usable(builder.Build());
    }

    /// <summary>Reads policies from a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">The name that diagnostics give it; <see langword="null"/>: none.</param>
    /// <returns>All bindings and services; a text without any binding gives a warning.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="yaml"/> is <see langword="null"/>.</exception>
    /// <exception cref="TlsPolicyException">Something is wrong in the text; all faults are in it.</exception>
    public static TlsPolicySet Parse(string yaml, string? fileName = null)
    {
        TryParse(yaml, fileName, out var set);
        return Usable(set);
    }

    /// <summary>Reads policies from a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">The name that diagnostics give it; <see langword="null"/>: none.</param>
    /// <param name="set">All bindings and services; none if the text is wrong, and then its diagnostics say why.</param>
    /// <returns><see langword="false"/> if something is wrong in the text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="yaml"/> is <see langword="null"/>.</exception>
    public static bool TryParse(string yaml, string? fileName, out TlsPolicySet set)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var builder = new PolicySetBuilder();
        builder.Read(new YamlText(yaml, fileName));
        WarnAboutNoBinding(builder, fileName);
        set = builder.Build();
        return !set.HasErrors;
    }

    private static void WarnAboutNoBinding(PolicySetBuilder builder, string? fileName)
    {
        if (builder.BindingCount == 0 && !builder.Diagnostics.HasErrors)
        {
            builder.Diagnostics.Warning(DiagnosticCodes.NoBinding, new Place("", fileName), $"there is no {FlexResource.TlsOutbound} binding.");
        }
    }

    private static TlsPolicySet Usable(TlsPolicySet set) => set.HasErrors ? throw new TlsPolicyException(set.Diagnostics) : set;

    private static YamlText? ReadFile(string path, DiagnosticList diagnostics)
    {
        try
        {
            if (RegularFile.Read(path, YamlLimits.Length, out _) is { } bytes)
            {
                return new YamlText(StrictUtf8.GetString(bytes), path);
            }

            diagnostics.Error(DiagnosticCodes.TooLong, new Place("", path), "the file is longer than 4 MiB; split it.");
        }
        catch (DecoderFallbackException)
        {
            diagnostics.Error(DiagnosticCodes.NotUtf8, new Place("", path), "the file is not UTF-8; save it as UTF-8.");
        }
        catch (Exception e) when (RegularFile.Reason(e) is { } reason)
        {
            diagnostics.Error(DiagnosticCodes.UnreadableFile, new Place("", path), $"the file cannot be used: {reason}.");
        }

        return null;
    }
}
