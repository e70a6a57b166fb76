using Xunit;

namespace FlexTls.Resources;

/// <summary>
/// A ':' or '-' that was forgotten: the message has the line where it is missing, not the line after.
/// </summary>
public class MissingMarkTests
{
    private const string NoColon = "the line has no ':' after its key";
    private const string NoBlank = "the line has no blank after the ':' of its key";
    private const string Pem = "-----BEGIN CERTIFICATE-----\n  QUJD\n  -----END CERTIFICATE-----";

    [Theory]
    [InlineData("skipValidation true\nminversion: '1.2'", 1, NoColon)]
    [InlineData("minversion: '1.2'\nskipValidation true\nalpn: [h2]", 2, NoColon)]
    [InlineData("maxversion: '1.3'\nminversion '1.2'", 2, NoColon)]
    [InlineData("maxversion: 1.3\nminversion 1.2 # text\n\n# text\nalpn: [h2]", 2, NoColon)]
    [InlineData("minversion 1.2\n\n# text\nalpn: [h2]", 1, NoColon)]
    [InlineData("certificate\n  key: file:a\n  crt: file:b", 1, NoColon)]
    [InlineData("alpn: [h2]\ncertificate\n  key: file:a\n  crt: file:b", 2, NoColon)]
    [InlineData("certificate:\n  key file:a\n  crt: file:b", 2, NoColon)]
    [InlineData("alpn: [h2]\nciphers\n  - TLS_AES_128_GCM_SHA256", 2, NoColon)]
    [InlineData($"trustedCA |\n  {Pem}\n  {Pem}\nalpn: [h2]", 1, NoColon)]
    [InlineData("skipValidation true", 1, NoColon)]
    [InlineData("skipValidation:true", 1, NoBlank)]
    [InlineData("skipValidation:true\nalpn: [h2]", 1, NoBlank)]
    [InlineData("alpn: [h2]\nskipValidation:true", 2, NoBlank)]
    [InlineData("ciphers:\n  - A\n  B\n  - C", 3, "the line has no '- ' before it")]
    [InlineData("ciphers:\n- A\nB\n- C", 3, "the line has no '- ' before it")]
    [InlineData("ciphers:\n  - A\n  -B", 3, "the line has no blank after its '-'")]
    public void AMarkThatIsMissing_IsFoundInItsLine(string config, int line, string missing)
    {
        const int LinesBefore = 7;

        var fault = Assert.Single(Faults(config));

        Assert.Equal(LinesBefore + line, fault.Line);
        Assert.Contains(missing, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingColonOfConfigItself_IsFoundInItsLine()
    {
        var fault = Assert.Single(FaultsOf("kind: PolicyBinding\nspec:\n  config\n    skipValidation: true"));

        Assert.Equal((3, 3), (fault.Line, fault.Column));
        Assert.Equal($"{NoColon}; write 'key: value'.", fault.Message);
    }

    /// <summary>The line before is a value as it should be.</summary>
    [Theory]
    [InlineData("alpn: [\n  h2\n  minversion: '1.2'")]
    [InlineData("trustedCA: file:ca.pem\n alpn: [h2]")]
    [InlineData($"trustedCA: |\n  {Pem}\n - h2")]
    [InlineData("trustedCA:\n  file:ca.pem\n alpn: [h2]")]
    [InlineData("certificate:\n  file:ca.pem")]
    [InlineData("certificate:\n  https://ca.example")]
    public void AnotherFault_IsNotTakenForAMissingMark(string config) =>
        Assert.DoesNotContain("the line has no", Faults(config)[0].Message, StringComparison.Ordinal);

    private static IReadOnlyList<TlsPolicyDiagnostic> Faults(string config) => FaultsOf($"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: {"{ name: orders }"}
        spec:
          targetRef: {"{ kind: Service, name: orders }"}
          policyRef: {"{ name: tls-outbound }"}
          config:
            {config.ReplaceLineEndings("\n    ")}
        """);

    private static IReadOnlyList<TlsPolicyDiagnostic> FaultsOf(string yaml)
    {
        Assert.False(TlsPolicyFile.TryParse(yaml, null, out var set));
        return set.Diagnostics;
    }
}
