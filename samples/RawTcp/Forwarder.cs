using System.Net.Sockets;

namespace RawTcp;

/// <summary>Accepts connections and runs a tunnel for each, until it is told to stop.</summary>
internal sealed class Forwarder(Tunnel tunnel, TextWriter log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _isIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The loop that accepts is the first.
    private int _running = 1;

    /// <summary>Runs until <paramref name="stop"/>; then accepts no more, and gives open tunnels time to end.</summary>
    /// <param name="listener">Where clients connect. Is closed at the stop.</param>
    /// <param name="grace">How long open tunnels may last after the stop.</param>
    /// <param name="stop">Stops.</param>
    /// <returns>Whether all tunnels ended by themselves.</returns>
    public async Task<bool> RunAsync(Socket listener, TimeSpan grace, CancellationToken stop)
    {
        using var abort = new CancellationTokenSource();
        try
        {
            while (true)
            {
                try
                {
                    var client = await listener.AcceptAsync(stop).ConfigureAwait(false);
                    Interlocked.Increment(ref _running);
                    _ = RunTunnelAsync(client, abort.Token);
                }
                catch (SocketException e)
                {
                    // A client that is gone again, or no more file handles for now: the next one may come through.
                    await log.WriteLineAsync($"not accepted: {e.Message}").ConfigureAwait(false);
                    await Task.Delay(Pause, stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            listener.Close();
        }

        Ended();
        try
        {
            await _isIdle.Task.WaitAsync(grace, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            await abort.CancelAsync().ConfigureAwait(false);
            await _isIdle.Task.ConfigureAwait(false);
            return false;
        }
    }

    private async Task RunTunnelAsync(Socket client, CancellationToken abort)
    {
        try
        {
            await tunnel.RunAsync(client, abort).ConfigureAwait(false);
        }
        finally
        {
            Ended();
        }
    }

    private void Ended()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _isIdle.TrySetResult();
        }
    }
}
