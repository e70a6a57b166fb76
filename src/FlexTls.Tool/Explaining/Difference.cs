namespace FlexTls;

/// <summary>A setting that differs between two states of a policy.</summary>
internal sealed record Difference(string Name, string Before, string After, Effect Effect);
