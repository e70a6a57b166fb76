using Xunit;

namespace FlexTls.Support;

/// <summary>
/// Handshakes that others make with our options: the platform throws what the validation callback throws (.NET 10), or
/// puts it inside an exception of its own (.NET 11).
/// </summary>
internal static class ForeignHandshake
{
    public static async Task<TlsHandshakeException> RefusalOfAsync(Func<Task> handshake) =>
        RefusalIn(await Assert.ThrowsAnyAsync<Exception>(handshake));

    public static TlsHandshakeException RefusalIn(Exception? failure)
    {
        var refusal = failure;
        while (refusal is not (null or TlsHandshakeException))
        {
            refusal = refusal.InnerException;
        }

        return Assert.IsType<TlsHandshakeException>(refusal);
    }
}
