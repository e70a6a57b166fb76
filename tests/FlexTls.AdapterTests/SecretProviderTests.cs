using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Certificates and keys that come from a vault.</summary>
public class SecretProviderTests
{
    private const string Config =
        "{ trustedCA: 'vault:ca', certificate: { key: 'vault:key', crt: 'vault:crt' } }";

    private readonly Vault _vault = new();
    private readonly ControlPlane _source = new() { Texts = { ["orders"] = Provided.Binding("orders", Config) } };

    public SecretProviderTests()
    {
        _vault.Secrets["ca"] = Pki.Root.Pem;
        _vault.Secrets["key"] = Pki.Client.KeyPem();
        _vault.Secrets["crt"] = Pki.Client.ExportCertificatePem();
    }

    [Fact]
    public async Task ARenewedSecret_IsPutInForce_WhenItsTokenFires()
    {
        await using var services = Start();
        Assert.Equal("CN=client", services.Contexts.GetContext("orders").Effective.ClientCertificate?.Subject);
        using var renewed = Pki.Root.IssueClient("CN=renewed");

        _vault.Change("key", renewed.KeyPem());
        _vault.Change("crt", renewed.ExportCertificatePem());
        await Deadline.UntilAsync(() => services.Of("orders").Generation == 2);

        Assert.Equal("CN=renewed", services.Contexts.GetContext("orders").Effective.ClientCertificate?.Subject);
    }

    [Fact]
    public async Task ASecretIsAskedForOnce_ByAllPoliciesThatNameIt()
    {
        _source.Texts["billing"] = Provided.Binding("billing", Config);
        await using var services = Start();

        Assert.Equal((2, 3), (services.Status.Upstreams.Count, _vault.Calls));
        await services.ReloadAsync();
        Assert.Equal(6, _vault.Calls);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("nonsense")]
    [InlineData("exception")]
    [InlineData("too much")]
    public async Task AProviderThatGivesNothingOfUse_IsAFaultLikeABadFile(string given)
    {
        await using var services = Start();
        Assert.Single(services.Status.Upstreams);

        _vault.Failure = given == "exception" ? new InvalidOperationException("a secret") : null;
        _vault.Secrets["ca"] = given switch
        {
            "nothing" => "",
            "nonsense" => "no PEM text",
            "too much" => new string('x', (1024 * 1024) + 1),
            _ => Pki.Root.Pem,
        };
        var faults = await services.ReloadAsync();

        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Equal("orders", fault.FileName));
        Assert.All(faults, fault => Assert.DoesNotContain("a secret", fault.Message, StringComparison.Ordinal));
        Assert.Equal((1, UpstreamTlsState.Degraded), (services.Of("orders").Generation, services.Of("orders").State));
    }

    [Fact]
    public async Task AProviderThatHangs_IsAFaultAfterThirtySeconds_AndIsNotAskedAgainMeanwhile()
    {
        var clock = new FakeTimeProvider();
        await using var services = new Provided(
            tls => tls.AddPolicySource(_source).AddSecretProvider(_vault).ReloadOnChange = false, clock);
        Assert.Single(services.Status.Upstreams);
        var calls = _vault.Calls;

        _vault.Hangs = true;
        var reload = Task.Run(services.ReloadAsync);
        await Deadline.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return reload.IsCompleted;
        });
        _vault.Release();

        // The first of the three gets the whole time.
        var late = (await reload).Where(fault => fault.Code == "FTLS1031").Select(fault => fault.Message).ToList();
        Assert.Single(late,
            message => message.EndsWith(
                "cannot be used: its provider does not answer within 30 s.", StringComparison.Ordinal));
        Assert.Equal(2,
            late.Count(
                message => message.EndsWith(
                    "cannot be used: its provider does not answer within 10 s.", StringComparison.Ordinal)));
        Assert.Equal(calls + 3, _vault.Calls);
        Assert.Equal(UpstreamTlsState.Degraded, services.Of("orders").State);
    }

    [Fact]
    public async Task AProviderThatDoesNotAnswer_HoldsUpNoOtherChange()
    {
        _source.Texts["billing"] = Provided.Binding("billing", "{}");
        await using var services = Start();
        Assert.Equal(2, services.Status.Upstreams.Count);

        _vault.Hangs = true;
        _vault.Change("ca", Pki.Foreign.Pem);
        _source.Change("billing", Provided.Binding("billing", "{ minversion: '1.3' }"));
        await Deadline.UntilAsync(() => services.Of("billing").Generation == 2);

        Assert.Equal((1, UpstreamTlsState.UpToDate), (services.Of("orders").Generation, services.Of("orders").State));
        _vault.Hangs = false;
        _vault.Release();
        await Deadline.UntilAsync(() => services.Of("orders").Generation == 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASecretThatNobodyNamesAnyMore_IsLetGo(bool isWatched)
    {
        var token = new CountingToken();
        var vault = new Vault { Token = token, Secrets = { ["ca"] = Pki.Root.Pem } };
        _source.Texts["orders"] = Provided.Binding("orders", "{ trustedCA: 'vault:ca' }");
        await using var services = new Provided(
            tls => tls.AddPolicySource(_source).AddSecretProvider(vault).ReloadOnChange = isWatched);
        Assert.Equal((1, 1), (services.Status.Upstreams.Count, token.Listeners));

        _source.Texts["orders"] = Provided.Binding("orders", "{}");
        Assert.Empty(await services.ReloadAsync());

        await Deadline.UntilAsync(() => token.Listeners == 0);
    }

    [Fact]
    public async Task AFailureIsAskedForAgain_WithThePoll()
    {
        var clock = new FakeTimeProvider();
        await using var services = new Provided(tls => tls.AddPolicySource(_source).AddSecretProvider(_vault), clock);
        Assert.Single(services.Status.Upstreams);
        _vault.Failure = new InvalidOperationException();
        await services.ReloadAsync();
        Assert.Equal(UpstreamTlsState.Degraded, services.Of("orders").State);

        _vault.Failure = null;
        await Deadline.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return services.Of("orders").State == UpstreamTlsState.UpToDate;
        });
    }

    [Fact]
    public async Task APassphrase_ComesFromAProvider_AndOneThatOnlyLooksLikeIt_IsTakenAsItIs()
    {
        var key = Pki.Client.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
            "other:passphrase", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        (_vault.Secrets["key"], _vault.Secrets["passphrase"]) = (key, "other:passphrase\n");
        var certificate = "certificate: { key: 'vault:key', crt: 'vault:crt' }";
        _source.Texts["orders"] = Provided.Binding(
            "orders", $"{{ {certificate}, extensions: {{ keyPassphrase: 'vault:passphrase' }} }}");
        _source.Texts["billing"] = Provided.Binding(
            "billing", $"{{ {certificate}, extensions: {{ keyPassphrase: 'other:passphrase' }} }}");
        await using var services = Start();

        Assert.Equal(
            ["CN=client", "CN=client"],
            services.Status.Upstreams.Select(upstream => upstream.Settings.ClientCertificate?.Subject));
    }

    [Fact]
    public async Task ASchemeThatNobodyHas_IsAnError_WithAndWithoutARegistration()
    {
        _source.Texts["orders"] = Provided.Binding("orders", "{ trustedCA: 'valut:ca' }");
        await using var services = Start();

        var refused = Assert.Throws<TlsPolicyException>(() => services.Contexts.GetContext("orders"));
        var loaded = Assert.Throws<TlsPolicyException>(
            () => TlsPolicyFile.Parse(Provided.Binding("orders", Config)));

        Assert.Equal(
            "spec.config.trustedCA begins with the scheme 'valut:' that no provider of secrets has; register one with "
                + "AddSecretProvider, or write PEM text or file:PATH.",
            Assert.Single(refused.Diagnostics).Message);
        Assert.Equal(["FTLS1037", "FTLS1037", "FTLS1037"], loaded.Diagnostics.Select(fault => fault.Code));
    }

    [Theory]
    [InlineData("file", "a scheme is")]
    [InlineData("Vault", "a scheme is")]
    [InlineData("v", "a scheme is")]
    [InlineData("vault", "another provider has the same")]
    public async Task ASchemeThatCannotBeUsed_EndsTheStart(string scheme, string problem)
    {
        await using var services = new Provided(
            tls => tls.AddSecretProvider(_vault).AddSecretProvider(_ => new Vault { Scheme = scheme }));

        var refused = Assert.Throws<TlsPolicyException>(() => services.Contexts.GetContext("orders"));

        Assert.Contains(problem, Assert.Single(refused.Diagnostics).Message, StringComparison.Ordinal);
    }

    private Provided Start() => new(tls => tls.AddPolicySource(_source).AddSecretProvider(_vault));
}
