using FlexTls.Http.Grpc;
using Grpc.Core;

namespace FlexTls.Http;

/// <summary>The server's side of Echo.proto.</summary>
public sealed class EchoService : Echo.EchoBase
{
    public override Task<Line> Once(Line request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Repeat(Line request, IServerStreamWriter<Line> responseStream, ServerCallContext context)
    {
        for (var i = 1; i <= 3; i++)
        {
            await responseStream.WriteAsync(new Line { Text = $"{request.Text}{i}" }, context.CancellationToken);
        }
    }

    public override async Task<Line> Join(IAsyncStreamReader<Line> requestStream, ServerCallContext context)
    {
        var joined = "";
        await foreach (var line in requestStream.ReadAllAsync(context.CancellationToken))
        {
            joined += line.Text;
        }

        return new Line { Text = joined };
    }

    public override async Task Talk(IAsyncStreamReader<Line> requestStream, IServerStreamWriter<Line> responseStream, ServerCallContext context)
    {
        await foreach (var line in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(line, context.CancellationToken);
        }
    }
}
