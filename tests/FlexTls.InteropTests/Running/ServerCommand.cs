namespace FlexTls.Interop;

/// <summary>A program and how it is called.</summary>
internal sealed record ServerCommand(string Program, params string[] Arguments)
{
    public string? Folder { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
