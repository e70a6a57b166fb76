using System.Globalization;
using FlexTls.Diagnostics;
using FlexTls.Handshakes;
using FlexTls.Secrets;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Sources;

/// <summary>A source that the user wrote.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Source">The source.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
/// <param name="Calls">Calls it with a time limit; a call that hangs does not hold up files.</param>
internal sealed record CustomSource(int Index, ITlsPolicySource Source, string ContentRoot, BoundedReads Calls)
    : NotifyingSource
{
    /// <summary>How many seconds a call may take.</summary>
    public const int Patience = 30;

    private readonly LastCall _last = new();

    public override string Key => string.Create(CultureInfo.InvariantCulture, $"source {Index}");

    public override ContentVersion Look() => _last.MayBeOld ? Versioned(Ask(out _, out _)) : _last.Version;

    public override IChangeToken GetChangeToken() => Source.GetChangeToken();

    public override SourceReading Read()
    {
        var set = Ask(out var values, out var fault);
        var versions = new Dictionary<string, ContentVersion>(values.Versions, StringComparer.Ordinal)
        {
            [Key] = Versioned(set),
        };
        if (set is null)
        {
            return SourceReading.Of([], fault.InFileOrder(), versions);
        }

        foreach (var (name, version) in set.Readings.SelectMany(reading => reading.Versions))
        {
            versions[name] = version;
        }

        return SourceReading.Of(set.Readings, versions);
    }

    private ContentVersion Versioned(TlsPolicySet? set) => _last.Version = set is null
        ? ContentVersion.Unreadable("failed")
        : ContentVersion.Of(set.Readings.Select(reading => reading.Version));

    /// <summary>Reads the source; <see langword="null"/> after a reported fault.</summary>
    private TlsPolicySet? Ask(out ValueReads values, out DiagnosticList fault)
    {
        var (name, reads) = (Text.OneLine(Source.Name ?? Key), new ValueReads(ContentRoot, Reads, Secrets));
        (values, fault) = (reads, new DiagnosticList());
        var (reader, givenUp) = (new TlsPolicyReader(name, reads), new CancellationTokenSource());
        string problem;
        try
        {
            // Before reading, so that a change in the meantime fires it.
            _last.Token = Source.GetChangeToken();
            var set = Calls.Ask(
                Key, "", () => Source.ReadAsync(reader, givenUp.Token).AsTask().GetAwaiter().GetResult(),
                isExcused: () => reader.IsReading);
            if (set is not null)
            {
                return set;
            }

            problem = "it returned null";
        }
        catch (TimeoutException)
        {
            givenUp.CancelInBackground();
            problem = $"it does not answer within {Patience} s";
        }
        catch (Exception e)
        {
            // Not its message, which may contain what the source provides.
            problem = $"it failed ({e.GetType().Name})";
        }

        // The next poll tries again.
        _last.Token = null;
        fault.Error(DiagnosticCodes.PolicySourceFailed, new Place(name),
            $"the policy source {Text.Quote(name)} cannot be read: {problem}.");
        return null;
    }

    /// <summary>The results of the last call. Only one thread at a time uses them.</summary>
    private sealed class LastCall
    {
        /// <summary>The token from before the call; <see langword="null"/>: the call failed.</summary>
        public IChangeToken? Token { get; set; }

        public ContentVersion Version { get; set; }

        public bool MayBeOld => Token is not { HasChanged: false };
    }
}
