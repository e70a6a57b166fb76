namespace FlexTls.Interop;

/// <summary>Rows that a server cannot have, with its own words as the reason.</summary>
/// <param name="Rows">A part of the names of the rows.</param>
/// <param name="Words">What the server says: in its log when the row is tried or, with a probe, in the probe's output.</param>
internal sealed record Gap(string[] Rows, string Words)
{
    /// <summary>A call of the server's own programs that shows that it cannot be configured; the rows are then not tried.</summary>
    public Func<ServerFolder, ServerCommand>? Probe { get; init; }

    /// <summary>Where the words of a probe come from, for the page.</summary>
    public string? Source { get; init; }

    public bool Covers(Row row) => Rows.Any(part => row.Name.Contains(part, StringComparison.Ordinal));
}
