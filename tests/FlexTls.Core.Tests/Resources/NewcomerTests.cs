using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

/// <summary>Names and spellings that other programs have: the message says what they are called here.</summary>
public class NewcomerTests
{
    private const string Percents = "is written as Windows writes variables ('%NAME%' or '$env:NAME'); write $NAME";
    private const string Template = "is a template ('{{ … }}') that was not filled in";
    private const string Misnamed = "begins with '$' but is not the name of a variable (letters, digits and _, no digit first)";
    private const string Pkcs12 = "it belongs in spec.config.extensions.pkcs12, which takes the place of certificate.";
    private const string TrustedCA = "write PEM text or file:PATH, or leave the key out to get its default, "
        + "which trusts the operating system's CAs.";

    private const string Escape =
        "in double quotes, a backslash begins an escape; write the value in single quotes.";

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
    [InlineData("certificate: { pkcs12: 'file:a.p12' }", Pkcs12)]
    [InlineData("certificate: { pfx: 'file:a.p12' }", Pkcs12)]
    [InlineData("extensions: { pfx: 'file:a.p12' }", "did you mean pkcs12?")]
    [InlineData("pkcs12: 'file:a.p12'", Pkcs12)]
    [InlineData("serverName: x", "it belongs in spec.config.extensions.serverName.")]
    [InlineData("servername: x", "it belongs in spec.config.extensions.serverName.")]
    [InlineData("sni: x", "it belongs in spec.config.extensions.serverName.")]
    [InlineData("hostname: x", "it belongs in spec.config.extensions.serverName.")]
    [InlineData("pins: {}", "it belongs in spec.config.extensions.pins.")]
    [InlineData("allowPlainHttp: true", "it belongs in spec.config.extensions.allowPlainHttp.")]
    [InlineData("trustSystemCA: true", "it belongs in spec.config.extensions.trustSystemCA.")]
    [InlineData("subjectAltNames: []", "it belongs in spec.config.extensions.subjectAltNames.")]
    [InlineData("drainTimeout: 1s", "it belongs in spec.config.extensions.drainTimeout.")]
    [InlineData("key: x", "it belongs in spec.config.certificate.key.")]
    [InlineData("cert: x", "it belongs in spec.config.certificate.crt.")]
    [InlineData("extensions: { trustedCA: x }", "it belongs in spec.config.trustedCA.")]
    [InlineData("certificate: { trustedCA: x }", "it belongs in spec.config.trustedCA.")]
    [InlineData("cipherSuites: []", "did you mean ciphers?")]
    [InlineData("insecureSkipVerify: true", "did you mean skipValidation?")]
    [InlineData("skip_verify: true", "did you mean skipValidation?")]
    [InlineData("verify: true", "did you mean skipValidation, which says the opposite?")]
    [InlineData("protocols: []", "versions are minversion and maxversion, application protocols are alpn.")]
    [InlineData("config: {}", "its keys belong directly in spec.config.")]
    public void AKeyByTheNameOfAnotherProgram_IsCalledByItsOwn(string config, string hint)
    {
        var fault = Faults(config).First(found => found.Code == "FTLS1003");

        Assert.EndsWith($"; {hint}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate: { pkcs12: 'file:a.p12' }")]
    [InlineData("certificate: { key: x, cert: 'file:a.crt' }")]
    public void AKeyOfCertificateThatIsCalledByItsOwnName_IsNotReportedAsMissingToo(string config) =>
        Assert.Equal(
            ["FTLS1003"],
            Faults($"{config}\n    extensions: {{ keyPassphrase: x }}").Select(fault => fault.Code));

    [Theory]
    [InlineData("extensions: {}", "spec: { ", "it belongs in spec.config.extensions.")]
    [InlineData("extensions: {}", "", "it belongs in spec.config.extensions.")]
    [InlineData("trustedCA: x", "", "it belongs in spec.config.trustedCA.")]
    [InlineData("config: {}", "", "it belongs directly under spec.")]
    [InlineData("config: {}", "spec: { policyRef: { ", "it belongs directly under spec.")]
    [InlineData("policyRef: {}", "", "it belongs directly under spec.")]
    public void AKeyAtAnotherPlace_IsToldWhereItBelongs(string key, string place, string hint)
    {
        var kind = "apiVersion: gateway.mulesoft.com/v1alpha1, kind: PolicyBinding";
        var closed = new string('}', place.Count(c => c == '{'));

        TlsPolicyFile.TryParse($"{{ {kind}, {place}{key}{closed} }}", null, out var set);

        var fault = set.Diagnostics.First(found => found.Code == "FTLS1003");
        Assert.EndsWith($"; {hint}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trustedCA: ['file:a', 'file:b']", "put the certificates into one file, one after the other.")]
    [InlineData("certificate: file:x", "; write key and crt below it, each as file:PATH or PEM text.")]
    [InlineData("extensions: { pins: x }", "; write spkiSha256 below it, a list of pins.")]
    [InlineData("trustedCA:", TrustedCA)]
    [InlineData("trustedCA: $FLEXTLS_NOBODY_SETS_THIS", TrustedCA)]
    [InlineData("ciphers: [TLS_RSA_WITH_AES_256_CBC_SHA256]",
        "cipher 'TLS_RSA_WITH_AES_256_CBC_SHA256' is a real suite, but none of the 23 that are supported; "
        + "docs/cipher-suites.md lists them.")]
    [InlineData("trustedCA: \"file:C:\\certs\\ca.crt\"", Escape)]
    [InlineData("trustedCA: \"file:C:\\tls\\ca.crt\"", Escape)]
    [InlineData("trustedCA: \"file:C:\\users\\ca.crt\"", Escape)]
    public void AValueOfAnotherKind_IsToldWhatBelongsThere(string config, string hint) =>
        Assert.EndsWith(hint, Assert.Single(Faults(config)).Message, StringComparison.Ordinal);

    [Fact]
    public void AReferenceWithoutKeys_IsToldWhatBelongsBelowIt()
    {
        var yaml = Binding("{}").Replace("{ name: tls-outbound }", "tls-outbound", StringComparison.Ordinal)
            .Replace("{ kind: Service, name: orders }", "orders", StringComparison.Ordinal);

        TlsPolicyFile.TryParse(yaml, null, out var set);

        Assert.Equal(
            [
                "spec.targetRef must be a mapping of keys, not a single value; "
                + "write 'kind: Service' and its name below it.",
                "spec.policyRef must be a mapping of keys, not a single value; "
                + "write 'name: tls-outbound' below it.",
            ],
            set.Diagnostics.Where(found => found.Code == "FTLS1005").Select(found => found.Message));
    }

    [Fact]
    public void AMissingLineBetweenTwoResources_IsOneFault()
    {
        var yaml = Binding("{}");

        Assert.False(TlsPolicyFile.TryParse($"{yaml}\n{yaml}", null, out var set));

        var fault = Assert.Single(set.Diagnostics);
        Assert.Equal(("FTLS1004", 9), (fault.Code, fault.Line));
        Assert.EndsWith(
            "a new resource seems to begin here: write '---' above line 9.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PemText_IsToldAsNoPolicyFile()
    {
        Assert.False(TlsPolicyFile.TryParse(Pki.Root.Pem, "ca.pem", out var set));

        Assert.EndsWith(
            "; this is PEM text, so name only the policy files, as in policies/*.yaml.",
            Assert.Single(set.Diagnostics, found => found.Code == "FTLS1005").Message, StringComparison.Ordinal);
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
        Assert.False(TlsPolicyFile.TryParse(Binding(config), null, out var set));
        return set.Diagnostics;
    }

    private static string Binding(string config) => $"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: {"{ name: orders }"}
        spec:
          targetRef: {"{ kind: Service, name: orders }"}
          policyRef: {"{ name: tls-outbound }"}
          config:
            {config}
        """;
}
