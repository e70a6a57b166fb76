using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Watching;

namespace FlexTls.Reloading;

/// <summary>Finds and reads the sources, and knows what must be watched from then on. Not thread-safe.</summary>
internal sealed class SourceReader(PolicySources sources, SourceReadings readings)
{
    private const int MostFirstReadings = 5;

    private IReadOnlyList<WatchedItem> _listings = [];

    /// <summary>The faults of files and patterns that match nothing.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> NotFound { get; private set; } = [];

    /// <summary>Everything that the sources are made of. Asking lets go of what no source refers to any more.</summary>
    public IReadOnlyList<WatchedItem> Items => [.. _listings, .. sources.ContentsOf(readings)];

    /// <summary>
    /// Reads all sources for the first time, in one state: what moves from one source to another meanwhile would be
    /// missing in both. (Later, a policy that is missing stays in force.)
    /// </summary>
    /// <exception cref="TlsPolicyException">Something keeps changing.</exception>
    public void ReadFirst()
    {
        for (var attempt = 0; attempt < MostFirstReadings; attempt++)
        {
            Read(found => readings.ReadAll(found, isAnew: false));
            if (FindChanged() is null)
            {
                return;
            }
        }

        throw new TlsPolicyException([DiagnosticList.OneError(
            DiagnosticCodes.StillChanging, new Place(""),
            $"{Text.Quote(FindChanged() ?? "a policy")} keeps changing while the policies are loaded; start again when "
            + "it is complete.")]);
    }

    /// <summary>Finds the sources and reads them.</summary>
    /// <param name="read">Reads those that were found.</param>
    public void Read(Action<IReadOnlyList<PolicySource>> read)
    {
        var notFound = new DiagnosticList();
        var named = sources.Name(notFound);

        // Before the files are searched, so that a change in between settles as a change.
        _listings = sources.Listings(named);
        read(sources.Find(named, notFound));
        readings.Recheck(named.Sections);
        NotFound = readings.AwaitsMissing ? NotFound : notFound.InFileOrder();
    }

    private string? FindChanged() => Items.FirstOrDefault(item => item.Read() != item.Known)?.Key;
}
