using Xunit;

namespace FlexTls.Yaml;

/// <summary>Names and spellings that other programs have: the message says what they are called here.</summary>
public class NewcomerTests
{
    private const string Percents = "is written as Windows writes variables ('%NAME%' or '$env:NAME'); write $NAME";
    private const string Template = "is a template ('{{ … }}') that was not filled in";
    private const string Misnamed = "begins with '$' but is not the name of a variable (letters, digits and _, no digit first)";
    private const string Passphrase = "it belongs in spec.config.extensions.keyPassphrase.";

    [Theory]
    [InlineData("ca: x", "did you mean trustedCA?")]
    [InlineData("caCertificate: x", "did you mean trustedCA?")]
    [InlineData("caFile: x", "did you mean trustedCA?")]
    [InlineData("ca_file: x", "did you mean trustedCA?")]
    [InlineData("rootCA: x", "did you mean trustedCA?")]
    [InlineData("truststore: x", "did you mean trustedCA?")]
    [InlineData("clientCert: x", "did you mean certificate?")]
    [InlineData("certificate: { privateKey: x }", "did you mean key?")]
    [InlineData("certificate: { passphrase: x }", Passphrase)]
    [InlineData("certificate: { password: x }", Passphrase)]
    [InlineData("keyPassphrase: x", Passphrase)]
    [InlineData("extensions: { password: x }", "did you mean keyPassphrase?")]
    public void AKeyByTheNameOfAnotherProgram_IsCalledByItsOwn(string config, string hint)
    {
        var fault = Faults(config).First(found => found.Code == "FTLS1003");

        Assert.EndsWith($"; {hint}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$my-key")]
    [InlineData("$1KEY")]
    public void ADollarWithoutTheNameOfAVariable_IsToldAsSuch(string value)
    {
        Assert.Equal(
            ["spec.config.trustedCA " + Misnamed + "."], Faults($"trustedCA: {value}").Select(found => found.Message));
        Assert.Contains(Misnamed, Faults($"certificate: {{ key: {value}, crt: x }}")[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trustedCA: %MYKEY%", Percents)]
    [InlineData("trustedCA: {{ .Values.key }}", Template)]
    [InlineData("trustedCA: {{ .Values.key | quote }}", Template)]
    [InlineData("trustedCA: {{ index .Values \"key\" }}", Template)]
    [InlineData("trustedCA: {{key}}", Template)]
    [InlineData("trustedCA: @file", "begins with '@', which reads no file; write file:PATH")]
    [InlineData("ciphers: [%MYKEY%]", Percents)]
    public void AValueThatYamlDoesNotTake_IsToldByWhatItWasMeantFor(string config, string message) =>
        Assert.Contains(message, Assert.Single(Faults(config)).Message, StringComparison.Ordinal);

    private static IReadOnlyList<TlsPolicyDiagnostic> Faults(string config)
    {
        var yaml = $"""
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: {"{ name: orders }"}
            spec:
              targetRef: {"{ kind: Service, name: orders }"}
              policyRef: {"{ name: tls-outbound }"}
              config:
                {config}
            """;
        Assert.False(TlsPolicyFile.TryParse(yaml, null, out var set));
        return set.Diagnostics;
    }
}
