using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/sources.md shows.</summary>
internal static class SourcesPage
{
    public static void AddSource(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls => tls.AddPolicySource(services =>
            new ControlPlane(services.GetRequiredService<Client>())));
        // </snippet>
    }

    public static void AddProvider(OutboundTlsBuilder tls)
    {
        // <snippet>
        tls.AddSecretProvider(services => new Vault(services.GetRequiredService<Client>()));
        // </snippet>
    }

    public static HttpClient CreateOwnClient(string path)
    {
        // <snippet>
        var policy = TlsPolicyFile.Load(path).Find("vault")!.Policy;
        var vault = new HttpClient(new OutboundTlsHandler(new TlsContextFactory().Create(policy)));
        // </snippet>
        return vault;
    }

    /// <summary>The client of a control plane and of a vault, as somebody else has written it.</summary>
    internal sealed class Client
    {
        public List<(string Name, string Yaml)> Policies { get; } = [];

        public Dictionary<string, byte[]> Secrets { get; } = new(StringComparer.Ordinal);

        public Task<IEnumerable<(string Name, string Yaml)>> GetPoliciesAsync(CancellationToken cancellationToken) =>
            cancellationToken.IsCancellationRequested
                ? Task.FromCanceled<IEnumerable<(string Name, string Yaml)>>(cancellationToken)
                : Task.FromResult<IEnumerable<(string Name, string Yaml)>>(Policies);

        public IChangeToken Changed { get; } = new CancellationChangeToken(CancellationToken.None);

        public IChangeToken GetChangeToken() => Changed;

        public IChangeToken Watch(string reference) => Secrets.ContainsKey(reference)
            ? new CancellationChangeToken(CancellationToken.None) : throw new KeyNotFoundException(reference);

        public Task<byte[]> ReadAsync(string reference, CancellationToken cancellationToken) =>
            cancellationToken.IsCancellationRequested
                ? Task.FromCanceled<byte[]>(cancellationToken) : Task.FromResult(Secrets[reference]);
    }

    // <snippet>
    internal sealed class ControlPlane(Client client) : ITlsPolicySource
    {
        public string Name => "control plane";

        public async ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken)
        {
            var texts = await client.GetPoliciesAsync(cancellationToken);
            return TlsPolicySet.Combine(texts.Select(text => reader.Read(text.Yaml, text.Name)));
        }

        public IChangeToken GetChangeToken() => client.GetChangeToken();
    }
    // </snippet>

    // <snippet>
    internal sealed class Vault(Client client) : ITlsSecretProvider
    {
        public string Scheme => "vault";

        public async ValueTask<TlsSecret> GetAsync(string reference, CancellationToken cancellationToken)
        {
            // Before the reading: what changes meanwhile must fire it.
            var changed = client.Watch(reference);
            return new TlsSecret(await client.ReadAsync(reference, cancellationToken), changed);
        }
    }
    // </snippet>
}
