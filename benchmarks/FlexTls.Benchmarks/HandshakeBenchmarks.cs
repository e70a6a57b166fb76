#pragma warning disable CA1001 // BenchmarkDotNet cleans up by way of [GlobalCleanup].
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using BenchmarkDotNet.Attributes;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>A whole connection with a full handshake, from TCP to the server's being done with it.</summary>
[MemoryDiagnoser]
[UnsupportedOSPlatform("windows")]
public class HandshakeBenchmarks
{
    private HandshakeScenario _scenario = null!;

    [Params(KeyKind.EcP256, KeyKind.Rsa2048)]
    public KeyKind Key { get; set; }

    [Params(SslProtocols.Tls12, SslProtocols.Tls13)]
    public SslProtocols Version { get; set; }

    [GlobalSetup]
    public void Setup() => _scenario = new HandshakeScenario(Key, Version);

    [GlobalCleanup]
    public void Cleanup() => _scenario.Dispose();

    [Benchmark(Baseline = true)]
    public async Task HandWritten() => await UseAsync(await _scenario.AuthenticateHandWrittenAsync(await _scenario.ConnectAsync()));

    [Benchmark]
    public async Task Context() => await UseAsync(await _scenario.AuthenticateContextAsync(await _scenario.ConnectAsync()));

    private async Task UseAsync(SslStream stream)
    {
        await stream.DisposeAsync();
        await _scenario.FinishedAsync();
    }
}
