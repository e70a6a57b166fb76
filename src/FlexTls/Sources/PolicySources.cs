using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>Finds the registered sources as they are now.</summary>
/// <param name="registered">The registration.</param>
/// <param name="contentRoot">Where relative paths start.</param>
/// <param name="configuration">The configuration of the program, if it is registered.</param>
/// <param name="reads">Finds and reads files with a time limit.</param>
/// <param name="secrets">The providers of secrets.</param>
/// <param name="services">The services of the program.</param>
/// <param name="clock">Measures the time limit of the user's sources.</param>
internal sealed class PolicySources(
    OutboundTlsRegistration registered,
    string contentRoot,
    IConfiguration? configuration,
    BoundedReads reads,
    SecretProviders secrets,
    IServiceProvider services,
    TimeProvider clock)
{
    private readonly BoundedCalls _codeCalls = new(clock);
    private readonly List<CustomSource> _custom =
    [
        .. registered.PolicySources.Select((make, index) =>
        {
            var (source, calls, key) = (make(services), new BoundedCalls(clock), CustomSource.ItemOf(index));
            ValueReads Values() => new(contentRoot, reads, secrets);
            var texts = new KeptAnswer<CustomTexts>(
                (_, fired) => CustomTexts.Of(source, key, Values, calls, fired),
                static texts => texts.Version,
                static texts => texts.Problem is not null,
                () => secrets.Changed(key),
                clock,
                TaskScheduler.Default);
            return new CustomSource(index, texts, contentRoot) { Reads = reads, Secrets = secrets };
        }),
    ];

    private readonly ConfigurationLayers[] _layers =
        [.. registered.Configurations.Select(_ => new ConfigurationLayers())];

    // The files that each section named when it could last be read, by its key.
    private readonly Dictionary<string, IReadOnlyList<string>> _named = new(StringComparer.Ordinal);

    // The files found when the folders last answered.
    private readonly KnownListings _known = new();

    /// <summary>Finds and reads files with a time limit.</summary>
    public BoundedReads Reads => reads;

    /// <summary>Called with the key of a source or secret that may have changed.</summary>
    public Action<string> Changed
    {
        set => secrets.Changed = value;
    }

    private IEnumerable<ConfigurationSource> Sections => registered.Configurations.Select((section, index) =>
        new ConfigurationSource(index, section, configuration, contentRoot)
        {
            Reads = reads,
            Secrets = secrets,
            Layers = _layers[index],
        });

    /// <summary>
    /// The files that are named now. A section counts with the files that it named last while it is changing, while it
    /// cannot be read, and while a provider has lost what it had of it. A provider that throws is reported here.
    /// </summary>
    /// <param name="readings">What has settled; <see langword="null"/>: everything counts as it is.</param>
    /// <param name="diagnostics">Receives the faults.</param>
    public NamedFiles Name(SourceReadings? readings, DiagnosticList diagnostics)
    {
        var patterns = new List<string>(registered.PolicyFiles);
        var sections = new Dictionary<string, ContentVersion>(StringComparer.Ordinal);
        foreach (var section in Sections)
        {
            try
            {
                // In this order: a change in between is seen when the section's policies are read.
                sections[section.Item] = section.Look();
                var counts = readings is null || readings.HasSettled(section.Item, sections[section.Item]);
                if (counts && section.PolicyFiles() is { } files)
                {
                    _named[section.Item] = files;
                }
            }
            catch (Exception e)
            {
                diagnostics.AddRange([section.Failure(e)]);
                sections[section.Item] = ConfigurationSource.VersionOf(e);
            }

            patterns.AddRange(_named.GetValueOrDefault(section.Item, []));
        }

        return new NamedFiles(patterns, sections);
    }

    /// <summary>
    /// The sources as they are now: files come and go, and the configuration can name different ones.
    /// </summary>
    /// <param name="named">The files that are named now.</param>
    /// <param name="diagnostics">
    /// Receives a fault for each pattern that matches nothing. Faults in sections are reported when they are read.
    /// </param>
    public IReadOnlyList<PolicySource> Find(NamedFiles named, DiagnosticList diagnostics) =>
    [
        .. PolicyFileFinder.Find(named.Patterns, diagnostics, reads, _known, contentRoot)
            .Select(file => new PolicyFileSource(file.Path, file.NamedAlone) { Reads = reads, Secrets = secrets }),
        .. registered.Policies.Select(policy => InCode(policy.Name, null, policy.Policy)),
        .. Sections,
        .. _custom,
        .. registered.PoliciesOfClients.Select(client => InCode(null, client.Key, client.Policy)),
    ];

    /// <summary>The files that each pattern matches now, as items to watch.</summary>
    public IReadOnlyList<WatchedItem> Listings(NamedFiles named)
    {
        var paths = named.Patterns.Select(pattern => PolicyFileFinder.Clean(Path.Combine(contentRoot, pattern)));
        return [.. paths.Distinct().Select(ListingOf)];
    }

    /// <summary>Everything that the sources are made of, to be watched. Secrets of no source are let go.</summary>
    public IReadOnlyList<WatchedItem> ContentsOf(SourceReadings readings)
    {
        var known = readings.Known;
        var watched = readings.Sources.OfType<IWatchedSource>()
            .ToDictionary(source => source.Item, StringComparer.Ordinal);
        secrets.Keep(known.Keys.ToHashSet(StringComparer.Ordinal));
        return [.. known.Select(one => ItemOf(one.Key, one.Value))];

        WatchedItem ItemOf(string key, ContentVersion version) =>
            watched.TryGetValue(key, out var source) ? new(key, null, source.Look, version)
            : secrets.IsKept(key) ? new(key, null, () => secrets.Look(key), version)
            : new(key, new WatchedPath(key, WatchedScope.File),
                () => ValueContent.Read(key, reads: reads).Version, version);
    }

    /// <summary>Called when a poll begins: secrets and sources without change notification are asked again.</summary>
    public void MarkDue()
    {
        secrets.MarkDue();
        _custom.ForEach(source => source.Texts.MarkDue());
    }

    /// <summary>Makes the next reading of each secret ask its provider again.</summary>
    public void Forget() => secrets.Forget();

    /// <summary>Nothing is watched any more.</summary>
    public void End()
    {
        secrets.Keep([]);
        _custom.ForEach(source => source.Texts.End());
    }

    private CodeSource InCode(string? service, UpstreamKey? client, PolicyInCode policy) =>
        new(service, client, policy, services, contentRoot) { Reads = reads, Secrets = secrets, Calls = _codeCalls };

    private WatchedItem ListingOf(string pattern)
    {
        var path = PolicyFileFinder.ListingOf(pattern, reads) is var (folder, isTree)
            ? new WatchedPath(folder, isTree ? WatchedScope.Tree : WatchedScope.Folder)
            : new WatchedPath(pattern, WatchedScope.File);
        return new WatchedItem("files of " + pattern, path, Names, Names());

        // A folder that becomes unlistable, for whatever reason, is a change like any other; so is its recovery.
        ContentVersion Names()
        {
            var faults = new DiagnosticList();
            var files = PolicyFileFinder.Find([pattern], faults, reads, _known).Select(file => file.Path);
            return ContentVersion.Of(
                string.Join('\n', [.. files, .. faults.InFileOrder().Select(fault => $"!{fault.Message}")]));
        }
    }
}
