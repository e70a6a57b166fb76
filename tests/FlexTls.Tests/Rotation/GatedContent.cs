using System.Net;

namespace FlexTls.Rotation;

/// <summary>A body that stops in its middle until the test lets it go on.</summary>
internal sealed class GatedContent(byte[] bytes, Gate gate) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), cancellationToken);
        await stream.FlushAsync(cancellationToken);

        // Without the token: HTTP/2 cancels a body that waits for something else, and what it throws then is the body's own.
        await gate.PassAsync();
        await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2), cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
