using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Reloading;

/// <summary>A rotating host on a clock of its own, under which what takes something away waits for a whole day.</summary>
internal sealed class WaitingHost : IAsyncDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromHours(24);
    private int _others;

    private WaitingHost(RotatingHost rotating, RunningClock clock) => (Rotating, Clock) = (rotating, clock);

    public RotatingHost Rotating { get; }

    public RunningClock Clock { get; }

    public UpstreamTlsStatus Orders => Rotating.Orders;

    /// <summary>Starts with <c>policies/orders.yaml</c>.</summary>
    /// <param name="config">The <c>config</c> of the upstream orders.</param>
    /// <param name="write">Writes more files, or registers more.</param>
    public static async Task<WaitingHost> StartAsync(string config, Action<RotatingHost>? write = null)
    {
        var clock = new RunningClock();
        var rotating = await RotatingHost.StartAsync(
            host =>
            {
                host.Builder.Services.AddSingleton<TimeProvider>(clock.Time);

                // A file must not count as one that hangs because the clock is fast.
                host.Builder.Services.Configure<OutboundTlsRegistration>(
                    registration => registration.Reads = BoundedReads.Default);
                host.Write("policies/orders.yaml", PolicyYaml.Binding("orders", config) + Other(0));
                write?.Invoke(host);
            },
            tls => tls.WeakeningDelay = Delay);
        return new WaitingHost(rotating, clock);
    }

    /// <summary>Writes the policy of orders, and leaves that of the other upstream in the file as it is.</summary>
    public void Write(string config) => Write("policies/orders.yaml", PolicyYaml.Binding("orders", config) + Other(_others));

    public void Write(string path, string text) => Clock.Hold(() => Rotating.Write(path, text));

    public Task UntilWaitingAsync() => Rotating.UntilAsync(() => Orders.State == UpstreamTlsState.Waiting);

    public Task UntilWaitingForAsync(string reason) => Rotating.UntilAsync(() => Orders.Wait?.Reasons.Contains(reason) == true);

    /// <summary>Waits until a generation is in force, whatever the state.</summary>
    public Task UntilGenerationAsync(int number) => Rotating.UntilAsync(() => Orders.Generation == number && Orders.Wait is null);

    /// <summary>Changes the other upstream of the same file, and returns when that is in force: all that was due before was looked at.</summary>
    /// <param name="config">The <c>config</c> of orders, which stays.</param>
    public async Task ChangeOtherAsync(string config)
    {
        _others++;
        Write(config);
        await Rotating.UntilAsync(() => Rotating.StatusOf("other").Generation == 1 + _others);
    }

    public async ValueTask DisposeAsync()
    {
        await Rotating.DisposeAsync();
        await Clock.DisposeAsync();
    }

    private static string Other(int number) => PolicyYaml.Binding("other", $"extensions: {{ drainTimeout: {number + 1}s }}");
}
