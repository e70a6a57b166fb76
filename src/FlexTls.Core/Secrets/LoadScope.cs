namespace FlexTls;

/// <summary>
/// Marks the code that runs within the first load of policies: code of the program that the load calls. One load may
/// begin another.
/// </summary>
/// <param name="Owner">Whose load it is.</param>
/// <param name="Outer">The load that began it.</param>
internal sealed record LoadScope(object Owner, LoadScope? Outer)
{
    private static readonly AsyncLocal<LoadScope?> Running = new();

    /// <summary>The load that the caller runs in; <see langword="null"/>: none.</summary>
    public static LoadScope? Current => Running.Value;

    /// <summary>Whether the caller runs in the load of an owner.</summary>
    public static bool IsIn(object owner)
    {
        var scope = Current;
        while (scope is not null && scope.Owner != owner)
        {
            scope = scope.Outer;
        }

        return scope is not null;
    }

    /// <summary>Runs code in a scope. The mark follows its tasks.</summary>
    public static T Run<T>(LoadScope? scope, Func<T> code)
    {
        var before = Running.Value;
        Running.Value = scope;
        try
        {
            return code();
        }
        finally
        {
            Running.Value = before;
        }
    }
}
