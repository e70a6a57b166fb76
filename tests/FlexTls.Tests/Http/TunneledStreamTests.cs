using FlexTls.Support;
using Xunit;

namespace FlexTls.Http;

/// <summary>What a tunnel carries passes as it is; only a refusal gets its reason.</summary>
public class TunneledStreamTests
{
    private readonly Observer _observer = new();

    [Fact]
    public async Task AReset_IsARefusal_ForTheReaderAndTheWriter()
    {
        await using var stream = Over(new ResetStream(), isHttp2: true);

        await AssertRefusedAsync(() => stream.ReadAsync(new byte[1], Deadline.Token()).AsTask());
        await AssertRefusedAsync(() => stream.WriteAsync(new byte[1], Deadline.Token()).AsTask());

        Assert.Equal(1, _observer.Refusals);
    }

    [Fact]
    public async Task TheEndOfAnUnusedConnection_IsNone()
    {
        await using var stream = Over(new MemoryStream(), isHttp2: false);

        Assert.Equal(0, await stream.ReadAsync(new byte[1], Deadline.Token()));

        Assert.Equal(0, _observer.Refusals);
    }

    [Fact]
    public async Task WhatComesAfterAnAnswer_IsNone()
    {
        await using var stream = Over(new MemoryStream([1]), isHttp2: true);

        Assert.Equal(1, await stream.ReadAsync(new byte[1], Deadline.Token()));
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Deadline.Token()));

        Assert.Equal((1, 0), (_observer.Answers, _observer.Refusals));
    }

    [Fact]
    public async Task AConnectionThatFlexTlsEnds_IsNone()
    {
        await using var ended = new EndableTransport(new ResetStream());
        await using var stream = Over(new Ending(ended), isHttp2: true);

        var failed = await Assert.ThrowsAnyAsync<IOException>(
            () => stream.ReadAsync(new byte[1], Deadline.Token()).AsTask());

        Assert.Equal(("the reason", 0), (failed.Message, _observer.Refusals));
    }

    private static async Task AssertRefusedAsync(Func<Task> use)
    {
        var failed = await Assert.ThrowsAsync<HttpIOException>(use);
        Assert.Equal("FTLS6001", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
    }

    private TunneledStream Over(Stream inner, bool isHttp2)
    {
        var failures = Pki.Context(Pki.MutualTls()).Generation.Failures;
        return new TunneledStream(
            inner, new LateFailures(failures, "localhost", isHttp2, mayHaveAsked: true, _observer), _observer);
    }

    private sealed class Observer : IAnswerObserver
    {
        public int Answers { get; private set; }

        public int Refusals { get; private set; }

        public void Answered() => Answers++;

        public void Refused(TlsHandshakeException refusal) => Refusals++;

        public void ClosedUnanswered(TlsHandshakeException refusal) => Refusals++;

        public void Closed()
        {
        }
    }

    private sealed class ResetStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(new IOException("Connection reset by peer."));

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("Broken pipe."));
    }

    private sealed class Ending(EndableTransport transport) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            transport.End("the reason");
            return ValueTask.FromException<int>(transport.EndFailure(new IOException("Closed."))!);
        }
    }
}
