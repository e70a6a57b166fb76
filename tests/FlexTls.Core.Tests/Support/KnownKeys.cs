using System.Text.RegularExpressions;

namespace FlexTls.Support;

/// <summary>The keys that the reader knows at each place, by its own words about one that it does not know.</summary>
internal static partial class KnownKeys
{
    private const string Binding = """
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: { name: a, nobody-knows-this: x }
        spec:
          targetRef: { kind: Service, name: a, nobody-knows-this: x }
          policyRef: { name: tls-outbound, nobody-knows-this: x }
          config:
            certificate: { nobody-knows-this: x }
            extensions:
              subjectAltNames: [{ nobody-knows-this: x }]
              pins: { nobody-knows-this: x }
              nobody-knows-this: x
            nobody-knows-this: x
          nobody-knows-this: x
        nobody-knows-this: x
        """;

    /// <summary>Keys by the path of the mapping that they stand in, such as <c>spec.config</c>; the document's own under the empty path.</summary>
    public static IReadOnlyDictionary<string, string[]> ByPath { get; } = Read();

    private static Dictionary<string, string[]> Read()
    {
        TlsPolicyFile.TryParse(Binding, null, out var set);
        return set.Diagnostics
            .Select(diagnostic => Message().Match(diagnostic.Message))
            .Where(match => match.Success)
            .ToDictionary(match => match.Groups["path"].Value.TrimEnd('.'), match => match.Groups["known"].Value.Split(", "));
    }

    [GeneratedRegex(@"^unknown key (in )?'(?<path>.*?)(nobody-knows-this)?'(, not shown because it may be part of a secret)?; known keys here: (?<known>.*)\.$")]
    private static partial Regex Message();
}
