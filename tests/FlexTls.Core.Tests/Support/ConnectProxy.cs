using System.Net;
using System.Net.Sockets;
using FlexTls.TestKit;

namespace FlexTls.Support;

/// <summary>A CONNECT proxy for one connection, which notes the first line that it is sent.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private ConnectProxy()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public static ConnectProxy Start() => new();

    public Task<string> FirstLineAsync(CancellationToken ct) => _firstLine.Task.WaitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            var line = await ReadHeadAsync(stream);
            _firstLine.TrySetResult(line);
            await using var upstream = await Loopback.ConnectAsync(int.Parse(line.Split(':', ' ')[2], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop.Token);
            await Task.WhenAny(stream.CopyToAsync(upstream, _stop.Token), upstream.CopyToAsync(stream, _stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _firstLine.TrySetCanceled();
        }
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var first = await reader.ReadLineAsync(_stop.Token) ?? "";
        while (!string.IsNullOrEmpty(await reader.ReadLineAsync(_stop.Token)))
        {
            // The other header fields say nothing that matters here.
        }

        return first;
    }
}
