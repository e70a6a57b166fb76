namespace FlexTls;

/// <summary>FlexTls has ended the connection: the server is not to blame.</summary>
internal sealed class EndedConnectionException(string reason, Exception inner) : IOException(reason, inner)
{
    /// <summary>Whether it is the reason for another exception.</summary>
    public static bool IsIn(Exception? exception) =>
        exception is not null && (exception is EndedConnectionException || IsIn(exception.InnerException));
}
