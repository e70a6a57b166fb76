using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>A transport that traces a handshake on its way.</summary>
internal sealed class AnswerWatch(Stream transport) : EndableTransport(transport)
{
    /// <summary>What was seen.</summary>
    public HandshakeTrace Trace { get; } = new();

    public override int Read(Span<byte> buffer) => Note(base.Read(buffer), buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Trace.HasReceivedAll
            ? base.ReadAsync(buffer, cancellationToken)
            : NoteAsync(base.ReadAsync(buffer, cancellationToken), buffer);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Trace.Sent(buffer);
        base.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Trace.Sent(buffer.Span);
        return base.WriteAsync(buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> NoteAsync(ValueTask<int> read, Memory<byte> buffer) =>
        Note(await read.ConfigureAwait(false), buffer.Span);

    private int Note(int read, ReadOnlySpan<byte> buffer)
    {
        Trace.Received(buffer[..read]);
        return read;
    }
}
