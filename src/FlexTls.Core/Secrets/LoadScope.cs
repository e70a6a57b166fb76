namespace FlexTls.Secrets;

/// <summary>
/// Marks the code that runs within the first load of policies: code of the program that the load calls.
/// </summary>
internal static class LoadScope
{
    private static readonly AsyncLocal<object?> Current = new();

    /// <summary>Whose load the caller runs in; <see langword="null"/>: in none.</summary>
    public static object? Owner => Current.Value;

    /// <summary>Runs code in the scope of a load. The mark follows its tasks.</summary>
    public static T Run<T>(object? owner, Func<T> code)
    {
        var before = Current.Value;
        Current.Value = owner;
        try
        {
            return code();
        }
        finally
        {
            Current.Value = before;
        }
    }
}
