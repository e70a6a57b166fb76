using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Sources;

/// <summary>
/// The providers behind a section. A list that two of them fill is a mixture that nobody wrote: the configuration lays
/// the entries of one over those of the other, index by index.
/// </summary>
internal sealed class ConfigurationProviders
{
    private readonly IReadOnlyList<(IConfigurationProvider Provider, string Prefix)> _providers;

    private ConfigurationProviders(IReadOnlyList<(IConfigurationProvider Provider, string Prefix)> providers) =>
        _providers = providers;

    /// <param name="configuration">The section, or a whole configuration.</param>
    /// <param name="registered">
    /// The configuration of the program, if it is registered: usually the one that the section is of.
    /// </param>
    public static ConfigurationProviders Of(IConfiguration configuration, IConfiguration? registered) =>
        new(RootOf(configuration, registered) is { } root ? [.. Flatten(root, "")] : []);

    /// <summary>
    /// Words for a second provider that fills the list at <paramref name="path"/> with something else than the first;
    /// <see langword="null"/>: none does.
    /// </summary>
    public string? FindSecondOf(string path)
    {
        string? first = null;
        foreach (var (provider, prefix) in _providers)
        {
            // The command line is often registered twice: equal entries mix to themselves.
            var entries = string.Join('\n', Entries(provider, prefix + path));
            if (entries.Length == 0)
            {
                continue;
            }

            if (first is not null && first != entries)
            {
                return provider.ToString();
            }

            first = entries;
        }

        return null;
    }

    /// <summary>
    /// What a provider says of a list and of all that is in its entries. An empty one has a value and no entries: it
    /// counts too, or those of another would show through.
    /// </summary>
    private static IEnumerable<string> Entries(IConfigurationProvider provider, string path)
    {
        if (provider.TryGet(path, out var own))
        {
            yield return $"={own}";
        }

        foreach (var key in provider.GetChildKeys([], path).Distinct())
        {
            yield return key;
            foreach (var entry in Entries(provider, ConfigurationPath.Combine(path, key)))
            {
                yield return entry;
            }
        }
    }

    /// <param name="root">A configuration.</param>
    /// <param name="prefix">
    /// What stands there before the paths that are asked for: a section can be chained as if it were a configuration.
    /// </param>
    private static IEnumerable<(IConfigurationProvider Provider, string Prefix)> Flatten(
        IConfigurationRoot root, string prefix) => root.Providers.SelectMany(provider =>
        provider is ChainedConfigurationProvider { Configuration: var chained }
            && RootOf(chained, registered: null) is { } inner
            ? Flatten(inner, chained is IConfigurationSection section ? $"{section.Path}:{prefix}" : prefix)
            : [(provider, prefix)]);

    /// <summary>
    /// The root of a section; <see langword="null"/> for configurations of another make, which have no providers.
    /// </summary>
    private static IConfigurationRoot? RootOf(IConfiguration configuration, IConfiguration? registered) =>
        configuration switch
        {
            IConfigurationRoot root => root,
            // A section and its root share their change token.
            _ when registered is IConfigurationRoot root
                && ReferenceEquals(root.GetReloadToken(), configuration.GetReloadToken()) => root,
            ConfigurationSection section => RootField(section),
            _ => null,
        };

    // The platform has no public way from a section to its root. A future platform without this field throws here, at
    // start: better than a policy that is mixed unseen.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_root")]
    private static extern ref readonly IConfigurationRoot RootField(ConfigurationSection section);
}
