using Xunit;

namespace FlexTls.Recipes;

/// <summary>What a client of a library throws when FlexTls has refused its server.</summary>
internal static class Refusals
{
    /// <summary>Checks that somewhere inside an exception is the refusal of a server whose CA is not trusted.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="sendsCA">Whether the server sends its CA with its certificate.</param>
    public static void AssertUntrusted(Exception exception, bool sendsCA = true) =>
        AssertCode(sendsCA ? "FTLS5002" : "FTLS5003", exception);

    /// <summary>Checks that somewhere inside an exception is a refusal with this code.</summary>
    public static void AssertCode(string code, Exception exception)
    {
        var refusal = Inside(exception).OfType<TlsHandshakeException>().FirstOrDefault();
        Assert.True(refusal is not null, $"No refusal of FlexTls in: {exception}");
        Assert.Equal(code, refusal.Code);
    }

    private static IEnumerable<Exception> Inside(Exception exception) =>
        (exception is AggregateException { InnerExceptions: var all } ? all : Once(exception.InnerException))
        .SelectMany(Inside).Prepend(exception);

    private static IEnumerable<Exception> Once(Exception? exception) => exception is null ? [] : [exception];
}
