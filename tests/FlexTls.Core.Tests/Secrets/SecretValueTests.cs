using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Secrets;

/// <summary>What came from the environment, or looks as if it should have, stands in no message.</summary>
public class SecretValueTests
{
    private const string Variable = "FLEXTLS_TEST_SERVER_NAME";
    private const string Secret = "s3cr3t-name.internal";

    static SecretValueTests() => Environment.SetEnvironmentVariable(Variable, Secret);

    [Theory]
    [InlineData("extensions: { keyPassphrase: $Sup3rSecret }", "spec.config.extensions.keyPassphrase begins with '$' and so names an environment variable, which is not set; set it, or write '$$' for a text that begins with '$'.")]
    [InlineData("certificate: { key: $Sup3rSecret, crt: x }", "spec.config.certificate.key begins with '$' and so names an environment variable, which is not set; set it, or leave the whole certificate out.")]
    [InlineData("certificate: { key: $SUP3R_KEY, crt: x }", "spec.config.certificate.key is $SUP3R_KEY, and that environment variable is not set; set it, or leave the whole certificate out.")]
    [InlineData("certificate: { key: x, crt: $SUP3R_CRT }", "spec.config.certificate.crt is $SUP3R_CRT, and that environment variable is not set; set it, or leave the whole certificate out.")]
    [InlineData("extensions: { keyPassphrase: $SUP3R_SECRET }", "spec.config.extensions.keyPassphrase begins with '$' and so names an environment variable, which is not set; set it, or write '$$' for a text that begins with '$'.")]
    [InlineData("minversion: $Sup3rVersion", "spec.config.minversion is $Sup3rVersion, and that environment variable is not set; set it, or leave the key out.")]
    public void AValueThatLooksLikeAVariable_IsNotQuotedWhereItMayBeASecret(string config, string message)
    {
        Assert.False(TlsPolicyFile.TryParse(Yaml(config), null, out var set));

        Assert.Equal(message, set.Diagnostics[0].Message);
        Assert.DoesNotContain(set.Diagnostics, diagnostic => diagnostic.ToString().Contains("Sup3rSecret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AServerNameOfTheEnvironment_IsSentAndVerified_AndNeverShown()
    {
        var context = new TlsContextFactory().Create(Policy($"extensions: {{ serverName: ${Variable} }}"), "orders");
        await using var right = LoopbackServer.Start(Pki.Root.IssueServer(Secret));
        await using (var stream = await context.ConnectAsync(right.EndPoint(), Deadline.Token()))
        {
            Assert.True(stream.IsAuthenticated);
        }

        Assert.Equal(Secret, (await right.NextAsync(Deadline.Token())).ServerName);
        Assert.Equal($"${Variable}", context.Effective.ServerName);
        AssertHidden(context.Effective.ToString(), context.Policy.ToString());

        await using var wrong = LoopbackServer.Start(Pki.EcServer);
        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.ConnectAsync(wrong.EndPoint(), Deadline.Token()));
        Assert.Equal(("FTLS5021", $"${Variable}"), (refused.Code, refused.TargetHost));
        Assert.Contains($"({'$'}{Variable})", refused.Message, StringComparison.Ordinal);
        AssertHidden(refused.ToString(), refused.Hint!, refused.ServerCertificate!.ToString());

        var verify = context.CreateClientOptions("localhost").RemoteCertificateValidationCallback!;
        var foreign = Assert.Throws<TlsHandshakeException>(() => verify(new object(), Pki.EcServer, null, default));
        AssertHidden(foreign.ToString());

        await using var silent = new FirstFlightStream();
        var closed = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(silent, "localhost", cancellationToken: Deadline.Token()));
        AssertHidden(closed.ToString());
    }

    [Fact]
    public void APinOfTheEnvironment_IsNotShown()
    {
        var pin = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());
        Environment.SetEnvironmentVariable($"{Variable}_PIN", pin);
        var context = new TlsContextFactory().Create(Policy($"extensions: {{ pins: {{ spkiSha256: [${Variable}_PIN] }} }}"));

        var verdict = context.ValidateServerCertificate(Pki.EcServer, [], Pki.Host);

        Verdict.IsRefused("FTLS5017", verdict);
        Assert.Equal($"${Variable}_PIN", verdict.Failures[0].Expected);
        Assert.DoesNotContain(pin, verdict.ToString(), StringComparison.Ordinal);
    }

    private static void AssertHidden(params string[] texts) =>
        Assert.All(texts, text => Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase));

    private static OutboundTlsPolicy Policy(string config) =>
        TlsPolicyFile.Parse(Yaml($"trustedCA: |\n{Pki.Root.Pem.Indented(6)}\n    {config}")).Bindings[0].Policy;

    private static string Yaml(string config) => $"""
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
