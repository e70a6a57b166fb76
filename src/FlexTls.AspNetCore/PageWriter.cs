using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace FlexTls;

/// <summary>Writes a page piece by piece: a program may have a thousand upstreams.</summary>
internal sealed class PageWriter(PipeWriter output, DateTimeOffset now)
{
    private const int Piece = 32 * 1024;

    /// <summary>
    /// What was written and not yet sent; <see cref="PageText"/> and <see cref="PageStyle"/> add to it.
    /// </summary>
    public StringBuilder Unsent { get; } = new(Piece);

    /// <summary>The time of the page.</summary>
    public DateTimeOffset Now => now;

    /// <summary>
    /// Writes markup whose values are encoded; it accepts no plain string, which might be markup or text.
    /// </summary>
    public PageWriter Write([InterpolatedStringHandlerArgument("")] ref PageText text) => this;

    /// <summary>Sends what was written once there is enough of it.</summary>
    public ValueTask FlushPieceAsync(CancellationToken ct) =>
        Unsent.Length < Piece ? ValueTask.CompletedTask : FlushAsync(ct);

    /// <summary>Sends what was written.</summary>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        foreach (var chunk in Unsent.GetChunks())
        {
            // Markup is ASCII and the rest encoded, so no character is divided between chunks.
            Encoding.ASCII.GetBytes(chunk.Span, output);
        }

        Unsent.Clear();
        await output.FlushAsync(ct).ConfigureAwait(false);
    }
}
