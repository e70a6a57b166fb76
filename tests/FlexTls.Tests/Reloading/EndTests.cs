using FlexTls.Support;
using FlexTls.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>The services come to their end, whatever is under way, and leave nothing that runs.</summary>
public class EndTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AReadingThatHangsInALog_KeepsNobodyFromTheEnd(bool isUnasked)
    {
        using var folder = new TestFolder();
        using var goOn = new ManualResetEventSlim();
        folder.Write("orders.yaml", PolicyYaml.Binding("orders", "minversion: '1.2'\n"));
        var clients = Create(tls =>
        {
            tls.AddPolicyFile(folder.At("orders.yaml"));
            tls.ReloadOnChange = isUnasked;
        });
        var manager = clients.Services.GetRequiredService<IOutboundTlsManager>();
        Assert.Single(manager.GetStatus().Upstreams);
        var hangs = new TaskCompletionSource();
        clients.Log.Written = _ =>
        {
            hangs.TrySetResult();
            goOn.Wait();
        };

        folder.Write("orders.yaml", PolicyYaml.Binding("orders", "minversion: '7'\n"));
        var reload = isUnasked ? null : manager.ReloadAsync(Deadline.Token());
        await PassTimeAsync(hangs.Task);

        await PassTimeAsync(clients.DisposeAsync().AsTask());
        goOn.Set();
        if (reload is not null)
        {
            await reload;
        }
    }

    [Fact]
    public async Task ServicesThatAreDisposedWhileTheyLoad_KeepNothing()
    {
        using var isLoading = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var clients = Create(tls => tls.AddPolicy("orders", _ =>
        {
            isLoading.Set();
            goOn.Wait(Deadline.Token());
        }));
        var contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();
        var loading = Task.Run(() => contexts.GetContext("orders"));
        isLoading.Wait(Deadline.Token());

        await clients.DisposeAsync();
        goOn.Set();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => loading);
    }

    [Fact]
    public async Task ServicesThatWereDisposedBeforeTheyLoaded_LoadNothing()
    {
        var calls = 0;
        var clients = Create(tls => tls.AddPolicy("orders", _ => calls++));
        var contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();

        await clients.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => contexts.GetContext("orders"));
        Assert.Equal(0, calls);
    }

    private ClientHost Create(Action<OutboundTlsBuilder> configure) => ClientHost.Create(
        services => services.AddSingleton<TimeProvider>(_clock).AddOutboundTls(configure));

    private Task PassTimeAsync(Task task) => Deadline.UntilAsync(() =>
    {
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        return task.IsCompleted;
    });
}
