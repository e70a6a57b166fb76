using FlexTls.Http.Grpc;
using Grpc.Core;

namespace FlexTls.Rotation;

/// <summary>A service whose stream has a line before the gate and one behind it.</summary>
internal sealed class GatedEchoService(Gate gate) : Echo.EchoBase
{
    public override Task<Line> Once(Line request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Repeat(Line request, IServerStreamWriter<Line> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new Line { Text = "before" }, context.CancellationToken);
        await gate.PassAsync().WaitAsync(context.CancellationToken);
        await responseStream.WriteAsync(new Line { Text = "after" }, context.CancellationToken);
    }
}
