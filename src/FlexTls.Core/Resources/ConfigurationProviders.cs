using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>
/// The providers behind a section. Two providers that fill the same list yield a mixture that nobody wrote: the
/// configuration overlays their entries index by index.
/// </summary>
internal sealed class ConfigurationProviders
{
    // No entry of a list lies deeper, and a hostile key could have thousands of levels.
    private const int Deepest = 8;

    private readonly IReadOnlyList<(IConfigurationProvider Provider, string Prefix)> _providers;

    private ConfigurationProviders(IReadOnlyList<(IConfigurationProvider Provider, string Prefix)> providers) =>
        _providers = providers;

    /// <param name="configuration">The section, or a whole configuration.</param>
    /// <param name="registered">
    /// The configuration of the program, if it is registered: usually the section's own.
    /// </param>
    public static ConfigurationProviders Of(IConfiguration configuration, IConfiguration? registered) =>
        new(RootOf(configuration, registered) is { } root ? [.. Flatten(root, "")] : []);

    /// <summary>The providers that hold nothing at all.</summary>
    public IEnumerable<IConfigurationProvider> Empty => _providers
        .Where(provider => !provider.Provider.GetChildKeys([], null).Any())
        .Select(provider => provider.Provider);

    /// <summary>The providers that hold something of a section.</summary>
    /// <param name="path">The section; empty: the whole configuration.</param>
    public IEnumerable<IConfigurationProvider> HoldersOf(string path) => _providers
        .Where(provider => Holds(provider.Provider, (provider.Prefix + path).TrimEnd(':')))
        .Select(provider => provider.Provider);

    /// <summary>
    /// Describes a second provider whose entries for the list at <paramref name="path"/> differ from those of the
    /// first; <see langword="null"/>: there is none.
    /// </summary>
    public string? FindSecondOf(string path)
    {
        string? first = null;
        foreach (var (provider, prefix) in _providers)
        {
            // The command line is often registered twice; mixing equal entries changes nothing.
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

    private static bool Holds(IConfigurationProvider provider, string path) => path.Length == 0
        ? provider.GetChildKeys([], null).Any()
        : Entries(provider, path).Any();

    /// <summary>
    /// A provider's entries of a list, with everything below them. An empty list has a value and no entries: it counts
    /// too, or the entries of another provider would show through.
    /// </summary>
    private static IEnumerable<string> Entries(IConfigurationProvider provider, string path, int depth = 0)
    {
        if (depth == Deepest)
        {
            yield break;
        }

        if (provider.TryGet(path, out var own))
        {
            yield return $"={own}";
        }

        foreach (var key in provider.GetChildKeys([], path).Distinct())
        {
            yield return key;
            foreach (var entry in Entries(provider, ConfigurationPath.Combine(path, key), depth + 1))
            {
                yield return entry;
            }
        }
    }

    /// <param name="root">A configuration.</param>
    /// <param name="prefix">
    /// The prefix of all paths in this configuration: a section can be chained as if it were a configuration.
    /// </param>
    private static IEnumerable<(IConfigurationProvider Provider, string Prefix)> Flatten(
        IConfigurationRoot root, string prefix) => root.Providers.SelectMany(provider =>
        provider is ChainedConfigurationProvider { Configuration: var chained }
            && RootOf(chained, registered: null) is { } inner
            ? Flatten(inner, chained is IConfigurationSection section ? $"{section.Path}:{prefix}" : prefix)
            : [(provider, prefix)]);

    /// <summary>
    /// The root of a section; <see langword="null"/> for other implementations, which have no providers.
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

    // The platform has no public way from a section to its root. A future platform without this field makes this throw
    // at start: better than mixing a policy unnoticed.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_root")]
    private static extern ref readonly IConfigurationRoot RootField(ConfigurationSection section);
}
