#pragma warning disable CA1001, CA1416 // BenchmarkDotNet cleans up by way of [GlobalCleanup]; suites are chosen where the platform lets them be.
using System.Net.Security;
using BenchmarkDotNet.Attributes;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>What it costs to make a context of a policy, once a generation, and options for streams that others authenticate.</summary>
[MemoryDiagnoser]
public class ContextBenchmarks
{
    private readonly TlsContextFactory _factory = new();
    private OutboundTlsPolicy _trusting = null!;
    private OutboundTlsPolicy _mutual = null!;
    private OutboundTlsContext _context = null!;

    [GlobalSetup]
    public void Setup()
    {
        using var root = TestCA.Root();
        using var client = root.IssueClient();
        _trusting = OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustedCA = root.Pem });
        _mutual = OutboundTlsPolicy.Create(new OutboundTlsOptions
        {
            TrustedCA = root.Pem,
            Certificate = new CertificateOptions { Key = client.KeyPem(), Crt = client.ChainPem() },
        });
        _context = _factory.Create(_trusting);
    }

    /// <summary>The part of a context that the platform alone takes: nobody who chooses suites can do without it.</summary>
    [Benchmark(Baseline = true)]
    public CipherSuitesPolicy CipherSuitesPolicyAlone() => new(_context.Effective.CipherSuites);

    [Benchmark]
    public OutboundTlsContext Create() => _factory.Create(_trusting);

    [Benchmark]
    public OutboundTlsContext CreateWithClientCertificate() => _factory.Create(_mutual);

    [Benchmark]
    public SslClientAuthenticationOptions CreateClientOptions() => _context.CreateClientOptions("orders.example");
}
