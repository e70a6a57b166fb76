namespace FlexTls;

/// <summary>The creation of a client's handlers that are verified once they are finished.</summary>
internal static class VerifiedCreation
{
    [ThreadStatic]
    private static string? _client;

    /// <summary>Whether this thread is creating the handlers of the client.</summary>
    public static bool Includes(string client) => _client == client;

    /// <summary>Creates a client or its handlers; the caller verifies the handlers.</summary>
    public static T Run<T>(string client, Func<string, T> create)
    {
        var outer = _client;
        _client = client;
        try
        {
            return create(client);
        }
        finally
        {
            _client = outer;
        }
    }
}
