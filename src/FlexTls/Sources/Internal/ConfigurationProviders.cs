using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace FlexTls.Sources;

/// <summary>
/// The providers behind a section. A list that two of them fill is a mixture that nobody wrote: the configuration lays
/// the entries of one over those of the other, index by index.
/// </summary>
internal sealed class ConfigurationProviders
{
    private readonly IReadOnlyList<IConfigurationProvider> _providers;

    private ConfigurationProviders(IReadOnlyList<IConfigurationProvider> providers) => _providers = providers;

    /// <param name="configuration">The section, or a whole configuration.</param>
    /// <param name="registered">The configuration of the program, if it is registered: usually the one that the section is of.</param>
    public static ConfigurationProviders Of(IConfiguration configuration, IConfiguration? registered) =>
        new(RootOf(configuration, registered) is { } root ? [.. Flatten(root)] : []);

    /// <summary>Words for a second provider that fills the list at <paramref name="path"/> with something else than the first; <see langword="null"/>: none does.</summary>
    public string? FindSecondOf(string path)
    {
        string? first = null;
        foreach (var provider in _providers)
        {
            // The command line is often registered twice: equal entries mix to themselves.
            var entries = string.Join('\n', provider.GetChildKeys([], path).Distinct().Select(key => provider.TryGet(ConfigurationPath.Combine(path, key), out var value) ? $"{key}={value}" : key));
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

    private static IEnumerable<IConfigurationProvider> Flatten(IConfigurationRoot root) => root.Providers.SelectMany(provider =>
        provider is ChainedConfigurationProvider { Configuration: var chained } && RootOf(chained, registered: null) is { } inner ? Flatten(inner) : [provider]);

    /// <summary>The root of a section; <see langword="null"/> for configurations of another make, which have no providers.</summary>
    private static IConfigurationRoot? RootOf(IConfiguration configuration, IConfiguration? registered) => configuration switch
    {
        IConfigurationRoot root => root,
        // A section and its root share their change token.
        _ when registered is IConfigurationRoot root && ReferenceEquals(root.GetReloadToken(), configuration.GetReloadToken()) => root,
        ConfigurationSection section => RootField(section),
        _ => null,
    };

    // The platform has no public way from a section to its root. A future platform without this field throws here, at
    // start: better than a policy that is mixed unseen.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_root")]
    private static extern ref readonly IConfigurationRoot RootField(ConfigurationSection section);
}
