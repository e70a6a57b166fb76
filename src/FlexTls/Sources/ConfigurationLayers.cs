using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>
/// Remembers which providers had entries of a section, to notice one that has become empty: the platform empties that
/// of a file that it can no longer parse, and what the others have shows through. Not thread-safe.
/// </summary>
internal sealed class ConfigurationLayers
{
    private HashSet<IConfigurationProvider> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at the providers as they are now.</summary>
    /// <param name="section">The section.</param>
    /// <param name="registered">The program's configuration; <see langword="null"/>: none is registered.</param>
    /// <returns>
    /// A provider that had entries of the section and has nothing at all now; <see langword="null"/>: none.
    /// </returns>
    public string? Update(IConfiguration section, IConfiguration? registered)
    {
        var providers = ConfigurationProviders.Of(section, registered);
        var emptied = providers.Empty.FirstOrDefault(_known.Contains);
        if (emptied is null)
        {
            _known = providers.HoldersOf((section as IConfigurationSection)?.Path ?? "")
                .ToHashSet<IConfigurationProvider>(ReferenceEqualityComparer.Instance);
        }

        return emptied?.ToString();
    }
}
