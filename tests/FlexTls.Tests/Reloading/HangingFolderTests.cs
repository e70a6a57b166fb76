using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>A mount that hangs is a fault of the upstreams whose files lie on it, and of no others.</summary>
public class HangingFolderTests
{
    private const int Policies = 8;

    [Fact]
    public async Task AFolderThatHangs_KeepsItsPolicies_AndHoldsUpNoOther_AndHeals()
    {
        using var mount = new Mount("/nfs");
        await using var host = await RotatingHost.StartAsync(
            host =>
            {
                foreach (var number in Enumerable.Range(0, Policies))
                {
                    host.Write($"nfs/ca{number}.pem", Pki.Root.Pem + "\n");
                    Write(host, number, 1);
                }

                host.Builder.Services.Configure<OutboundTlsRegistration>(
                    registration => registration.Reads = mount.Reads);
            },
            tls =>
            {
                tls.AddPolicyFile("nfs/*.yaml");
                tls.PollInterval = TimeSpan.FromSeconds(1);
            });

        mount.Hang();
        host.WritePolicy("orders", "extensions: { drainTimeout: 7s }\n");
        await host.UntilGenerationAsync(2);
        foreach (var number in Enumerable.Range(0, Policies))
        {
            await host.UntilDegradedAsync(DiagnosticCodes.UnreadableFile, $"s{number}");
        }

        Assert.Equal(UpstreamTlsState.UpToDate, host.Orders.State);
        Assert.InRange(mount.Reads.Hanging, 1, 6);
        Assert.Contains(host.Manager.GetStatus().Faults, fault =>
            fault.Code == DiagnosticCodes.UnreadableFile && fault.FileName!.EndsWith("nfs/*.yaml", StringComparison.Ordinal));
        await host.Manager.ReloadAsync(Deadline.Token());
        Assert.DoesNotContain(host.Errors, line => line.Contains(DiagnosticCodes.PolicyGone, StringComparison.Ordinal));

        mount.Answer();
        Write(host, 0, 2);
        await host.UntilGenerationAsync(2, "s0");
        await host.UntilAsync(() => !host.Manager.GetStatus().IsDegraded);
    }

    private static void Write(RotatingHost host, int number, int seconds) => host.Write(
        $"nfs/s{number}.yaml",
        PolicyYaml.Binding($"s{number}", $"trustedCA: 'file:ca{number}.pem'\nextensions: {{ drainTimeout: {seconds}s }}\n"));

    /// <summary>All questions about a folder wait, from a moment on, for as long as it hangs.</summary>
    private sealed class Mount : IDisposable
    {
        private readonly ManualResetEventSlim _answers = new(true);
        private readonly FakeTimeProvider _clock = new();
        private readonly string _folder;

        public Mount(string folder)
        {
            _folder = folder;
            Reads = new BoundedReads(_clock) { Asking = Asking };
        }

        public BoundedReads Reads { get; }

        public void Hang() => _answers.Reset();

        public void Answer() => _answers.Set();

        public void Dispose() => _answers.Set();

        private void Asking(string question)
        {
            if (question.Contains(_folder, StringComparison.Ordinal) && !_answers.IsSet)
            {
                _ = Task.Run(() => PassTime(question));
                _answers.Wait();
            }
        }

        /// <summary>Time goes by until the question is given up, and no longer.</summary>
        private void PassTime(string question)
        {
            var spin = new SpinWait();
            while (!Reads.IsHanging(question) && !_answers.IsSet)
            {
                _clock.Advance(BoundedReads.Piece);
                spin.SpinOnce();
            }
        }
    }
}
