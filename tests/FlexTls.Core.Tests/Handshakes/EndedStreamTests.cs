using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>Whoever uses a stream that was ended is told why, also when he begins only afterwards.</summary>
public class EndedStreamTests
{
    [Fact]
    public async Task AReadOrWriteThatBeginsAfterwards_HasTheReason()
    {
        await using var server = LoopbackServer.Start(Pki.EcServer);
        await using var stream = (UpstreamStream)await Pki.Context(Pki.Trusting()).AuthenticateAsClientAsync(
            await Loopback.ConnectAsync(server.Port, Deadline.Token()), Pki.Host, cancellationToken: Deadline.Token());

        stream.End("the reason");

        foreach (var use in (Func<Task>[])[
            () => stream.ReadAsync(new byte[1], Deadline.Token()).AsTask(),
            () => stream.WriteAsync(new byte[1], Deadline.Token()).AsTask()])
        {
            Assert.Contains("the reason", (await Assert.ThrowsAnyAsync<IOException>(use)).Message, StringComparison.Ordinal);
        }
    }
}
