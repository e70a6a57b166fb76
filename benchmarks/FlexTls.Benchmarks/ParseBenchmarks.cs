using System.Globalization;
using BenchmarkDotNet.Attributes;
using YamlDotNet.Core;

namespace FlexTls.Benchmarks;

/// <summary>
/// What it costs to read and validate a policy text, against the YAML parser's reading of the same text, which nobody
/// can do without. The bindings have no PEM text: decoding certificates would drown the difference. 10,000 of them is
/// what a text may hold, by number and by length.
/// </summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private string _text = "";

    [Params(1, 100, 10_000)]
    public int Bindings { get; set; }

    [GlobalSetup]
    public void Setup() => _text = string.Concat(Enumerable.Range(0, Bindings).Select(Binding));

    [Benchmark(Baseline = true)]
    public int ParserEvents()
    {
        var parser = new Parser(new StringReader(_text));
        var events = 0;
        while (parser.MoveNext())
        {
            events++;
        }

        return events;
    }

    [Benchmark]
    public TlsPolicySet ParseAndValidate() => TlsPolicyFile.Parse(_text);

    private static string Binding(int number) => string.Create(CultureInfo.InvariantCulture, $"""
        ---
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: upstream-{number}
        spec:
          targetRef:
            kind: Service
            name: upstream-{number}
          policyRef:
            name: tls-outbound
          config:
            alpn: [h2, http/1.1]
            minversion: "1.2"
            ciphers:
              - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
              - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256

        """);
}
