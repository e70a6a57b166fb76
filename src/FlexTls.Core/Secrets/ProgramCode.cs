namespace FlexTls.Secrets;

/// <summary>Marks code of the program, such as a provider of secrets, while it is called.</summary>
internal static class ProgramCode
{
    private static readonly AsyncLocal<bool> Running = new();

    /// <summary>Whether the caller is such code, or was called by it.</summary>
    public static bool IsRunning => Running.Value;

    /// <summary>Calls it. The mark follows its tasks.</summary>
    public static T Run<T>(Func<T> call)
    {
        var before = Running.Value;
        Running.Value = true;
        try
        {
            return call();
        }
        finally
        {
            Running.Value = before;
        }
    }
}
