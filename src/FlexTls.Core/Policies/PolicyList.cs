namespace FlexTls;

/// <summary>A list that its author wrote, and the place of its key.</summary>
internal sealed record PolicyList<T>(Place Place, IReadOnlyList<T> Items);
