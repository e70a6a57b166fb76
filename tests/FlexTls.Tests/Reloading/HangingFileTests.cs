using System.Text;
using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>What becomes a pipe between the look and the read, or hangs otherwise, is a fault; nothing waits for it for ever.</summary>
public class HangingFileTests
{
    private const string Config = "trustedCA: 'file:../ca.pem'\ncertificate: { key: 'file:../orders.key', crt: 'file:../orders.crt' }\n";

    [Fact]
    public async Task AFileThatBecomesAPipe_WhenItIsOpened_IsAFault_AndOthersGoOn_AndItHeals()
    {
        Fifo.SkipWhereThereIsNone();
        var trap = new Trap("ca.pem");
        await using var host = await StartAsync(trap);

        var bundle = Pki.Root.Pem + "\n" + Pki.Foreign.Pem + "\n";
        trap.Set(bundle);
        host.Write("ca.pem", bundle);

        // First that it gives no answer; then that it is none, because from then on the look finds a pipe.
        await host.Rotating.UntilAsync(() => host.Orders.Degradation is { } found
            && found.Diagnostics[0].Message.Contains("a pipe or a device", StringComparison.Ordinal));
        Assert.Equal((1, "CN=first"), (host.Orders.Generation, await host.Rotating.NewWhoAsync()));
        await host.ChangeOtherAsync(Config);
        Assert.Equal(1, trap.Sprung);

        Fifo.Release(host.Rotating.PathOf("ca.pem"));
        File.Delete(host.Rotating.PathOf("ca.pem"));
        host.Write("ca.pem", Pki.Root.Pem + "\n" + Pki.Intermediate.Pem + "\n");
        await host.Rotating.UntilGenerationAsync(2);
    }

    [Fact]
    public async Task ReloadAsync_EndsAlsoThen_AndTellsTheFault()
    {
        Fifo.SkipWhereThereIsNone();
        var trap = new Trap("orders.yaml");
        await using var host = await StartAsync(trap, isWatched: false);
        var policy = PolicyYaml.Binding("orders", Config + "maxversion: '1.2'");
        trap.Set(policy);
        host.Write("policies/orders.yaml", policy);

        var found = await host.Rotating.Manager.ReloadAsync(Deadline.Token());

        Assert.Contains(found, fault => fault.Code == DiagnosticCodes.UnreadableFile && fault.Message.Contains("it is a pipe or a device", StringComparison.Ordinal));
        Assert.Equal(1, host.Orders.Generation);
        Fifo.Release(host.Rotating.PathOf("policies/orders.yaml"));
    }

    [Fact]
    public async Task TheFirstLoad_EndsWithTheFault()
    {
        Fifo.SkipWhereThereIsNone();
        var trap = new Trap("ca.pem");
        trap.Set(Pki.Root.Pem + "\n");

        var exception = await Assert.ThrowsAsync<TlsPolicyException>(() => StartAsync(trap));

        Assert.Contains(exception.Diagnostics, fault => fault.Code == DiagnosticCodes.UnreadableReference);
        Assert.Equal(1, trap.Sprung);
    }

    [Fact]
    public async Task AProviderThatHangs_IsAFaultInTheStatus_AndInTheLog_UntilItAnswers()
    {
        var provider = new HangingProvider();
        await using var host = await WaitingHost.StartAsync(Config, host =>
        {
            host.Write("ca.pem", Pki.Root.Pem + "\n");
            var configuration = new ConfigurationBuilder().Add(provider).Build();
            host.Builder.Services.AddOutboundTls(tls => tls.AddConfiguration(configuration.GetSection("Tls")));
        });

        // Ends before the host, which waits for it.
        using var answers = provider;
        Assert.Empty(host.Rotating.Manager.GetStatus().Faults);

        provider.Hang();
        await host.Rotating.UntilAsync(() => host.Rotating.Errors.Any(line => line.Contains("no progress since", StringComparison.Ordinal)));

        var fault = Assert.Single(host.Rotating.Manager.GetStatus().Faults);
        Assert.Equal((DiagnosticCodes.WatchHangs, true), (fault.Code, host.Rotating.Manager.GetStatus().IsDegraded));
        provider.Answer();
        await host.ChangeOtherAsync(Config);
        Assert.Empty(host.Rotating.Manager.GetStatus().Faults);
    }

    private static Task<WaitingHost> StartAsync(Trap trap, bool isWatched = true) => WaitingHost.StartAsync(Config, host =>
    {
        host.Builder.Services.AddOutboundTls(tls => tls.ReloadOnChange = isWatched);
        host.Write("ca.pem", Pki.Root.Pem + "\n");
        host.Builder.Services.Configure<OutboundTlsRegistration>(registration => registration.Reads = trap.Reads);
    });

    /// <summary>Puts a pipe in the place of a file when it is opened, once.</summary>
    private sealed class Trap
    {
        private const long None = -1;

        private readonly FakeTimeProvider _clock = new();
        private readonly string _file;
        private long _length = None;
        private int _sprung;

        public Trap(string file)
        {
            _file = file;
            Reads = new BoundedReads(_clock) { Opening = Opening };
        }

        public BoundedReads Reads { get; }

        /// <summary>How often the pipe was opened, and nobody came back.</summary>
        public int Sprung => _sprung;

        /// <summary>It springs when the file is opened with that content, and not before it is written.</summary>
        public void Set(string content) => Volatile.Write(ref _length, Encoding.UTF8.GetByteCount(content));

        private void Opening(string path, long length)
        {
            if (Path.GetFileName(path) == _file && Interlocked.CompareExchange(ref _length, None, length) == length)
            {
                _sprung++;
                Fifo.Replace(path);
                _ = Task.Run(PassTime);
            }
        }

        /// <summary>Time goes by until the pipe is given up, and no longer: a slow machine is not taken for a file that hangs.</summary>
        private void PassTime()
        {
            var spin = new SpinWait();
            while (Reads.Hanging == 0)
            {
                _clock.Advance(BoundedReads.Piece);
                spin.SpinOnce();
            }
        }
    }

    /// <summary>Holds <c>Tls:Upstreams:config:minversion</c>; from a moment on, whoever reads it waits.</summary>
    private sealed class HangingProvider : ConfigurationProvider, IConfigurationSource, IDisposable
    {
        private readonly ManualResetEventSlim _answers = new(true);

        public HangingProvider() => Data["Tls:Upstreams:config:minversion"] = "1.2";

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Hang()
        {
            _answers.Reset();
            OnReload();
        }

        public void Answer() => _answers.Set();

        public void Dispose() => _answers.Set();

        public override bool TryGet(string key, out string? value)
        {
            _answers.Wait();
            return base.TryGet(key, out value);
        }
    }
}
