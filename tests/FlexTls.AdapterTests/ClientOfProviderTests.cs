using System.Net;
using System.Text;
using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>
/// Code that the policies come from, and that uses a client of the program's: it cannot be known yet whether that
/// client has a policy.
/// </summary>
public class ClientOfProviderTests
{
    public static TheoryData<string, string> Cases =>
        [.. from code in (string[])["provider", "source", "policy"]
            from others in (string[])["defaults", "GatewayDefault", "Refuse"]
            select (code, others)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void AClientThatMayHaveAPolicy_IsRefusedAtOnce_AndNamed(string code, string others)
    {
        using var services = Create(code, others);

        var refusal = Assert.Throws<TlsPolicyException>(() => Load(services));

        Assert.Contains("FTLS7026", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("client 'vault': asked for by code that runs to load the policies", refusal.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AClientThatBeginsTheLoad_IsRefusedToTheLoadItself_AndThenFails(string code, string others)
    {
        using var services = Create(code, others);
        var clients = services.GetRequiredService<IHttpClientFactory>();

        var refusal = Assert.Throws<TlsPolicyException>(() => clients.CreateClient("vault"));

        Assert.Contains("FTLS7026", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("provider", "orders")]
    [InlineData("provider", "vault")]
    [InlineData("policy", "vault")]
    public async Task AClientWhoseHandlerIsReplaced_IsUsed_WhicheverBeginsTheLoad(string code, string first)
    {
        await using var services = Create(code, "none", configure: Replaced);

        Assert.NotNull(services.GetRequiredService<IHttpClientFactory>().CreateClient(first));
        Assert.NotNull(Load(services));
        Assert.StartsWith("-----BEGIN", Fetch(services), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("vault")]
    public async Task AClientWhoseHandlerMustNotBeReplaced_SendsNothing_NorLater(string first)
    {
        var server = new VaultServer();
        await using var services = Create(
            "provider", "none",
            configure: client => client.AddOutboundTls("orders").DangerousReplaceOutboundTls(() => server),
            more: tls => tls.ForbidDangerous());
        var clients = services.GetRequiredService<IHttpClientFactory>();

        Assert.Contains("FTLS7009", Assert.Throws<TlsPolicyException>(() => clients.CreateClient(first)).Message,
            StringComparison.Ordinal);
        Assert.Contains("FTLS7009", Assert.Throws<TlsPolicyException>(() => Fetch(services)).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("source")]
    [InlineData("policy")]
    public void AClientThatCanHaveNoPolicy_IsUsed(string code)
    {
        using var services = Create(code, others: "none");

        Assert.NotNull(Load(services));
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("source")]
    public void TheContextsThemselves_AreRefusedToo(string code)
    {
        using var services = Create(code, "none", program => Load(program).Policy.ToString());

        Assert.Contains("FTLS7026", Assert.Throws<TlsPolicyException>(() => Load(services)).Message,
            StringComparison.Ordinal);
    }

    private static void Replaced(IHttpClientBuilder client) =>
        client.AddOutboundTls("orders").DangerousReplaceOutboundTls(() => new VaultServer());

    private static OutboundTlsContext Load(IServiceProvider services) =>
        services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders");

    /// <summary>Gets the CA of orders from a vault.</summary>
    private static string Fetch(IServiceProvider services)
    {
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("vault");
        return client.GetStringAsync(new Uri("http://vault.example/ca")).GetAwaiter().GetResult();
    }

    private static ServiceProvider Create(
        string code, string others, Func<IServiceProvider, string>? fetch = null,
        Action<IHttpClientBuilder>? configure = null,
        Action<OutboundTlsBuilder>? more = null)
    {
        fetch ??= Fetch;
        var services = new ServiceCollection();
        var vault = services.AddHttpClient("vault").ConfigurePrimaryHttpMessageHandler(() => new VaultServer());
        configure?.Invoke(vault);
        services.AddHttpClient("orders").AddOutboundTls();
        if (others == "defaults")
        {
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        }

        return services.AddOutboundTls(tls =>
        {
            tls.ReloadOnChange = false;
            more?.Invoke(tls);
            tls.UnboundClients = Enum.TryParse<UnboundClientBehavior>(others, out var unbound) ? unbound
                : UnboundClientBehavior.Stock;
            switch (code)
            {
                case "provider":
                    tls.AddSecretProvider(program => new Fetching(program, fetch));
                    tls.AddPolicy("orders", options => options.TrustedCA = "vault:ca");
                    break;
                case "source":
                    tls.AddPolicySource(program => new Fetching(program, fetch));
                    break;
                default:
                    tls.AddPolicy("orders", (program, options) => options.TrustedCA = fetch(program));
                    break;
            }
        }).BuildServiceProvider();
    }

    private sealed class Fetching(IServiceProvider services, Func<IServiceProvider, string> fetch)
        : ITlsSecretProvider, ITlsPolicySource
    {
        public string Scheme => "vault";

        public string Name => "control plane";

        public async ValueTask<TlsSecret> GetAsync(string reference, CancellationToken cancellationToken) =>
            new(Encoding.UTF8.GetBytes(await Task.Run(() => fetch(services), cancellationToken)), changeToken: null);

        public async ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken)
        {
            await Task.Run(() => fetch(services), cancellationToken);
            return reader.Read(Provided.Binding("orders", "{}"));
        }

        public IChangeToken GetChangeToken() => new ConfigurationReloadToken();
    }

    private sealed class VaultServer : HttpMessageHandler
    {
        private int _requests;

        public int Requests => _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Pki.Root.Pem) });
        }
    }
}
