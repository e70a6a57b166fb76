using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Probes;

/// <summary>
/// A program without a host, whose first requests come all at once, while its provider of secrets needs the pool.
/// </summary>
internal static class BurstOfRequests
{
    private const int Requests = 100;
    private const int Hops = 10;

    public static async Task LoadAsync(string certificates)
    {
        var services = new ServiceCollection();
        services.AddOutboundTls(tls => tls
            .AddSecretProvider(_ => new Vault(certificates))
            .AddPolicy("orders", policy => policy.TrustedCA = "vault:ca"));
        await using var provider = services.BuildServiceProvider();

        await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ =>
            Task.Run(() => provider.GetRequiredService<IOutboundTlsManager>().GetStatus())));
        Console.WriteLine("loaded");
    }

    private sealed class Vault(string certificates) : ITlsSecretProvider
    {
        public string Scheme => "vault";

        public async ValueTask<TlsSecret> GetAsync(string reference, CancellationToken cancellationToken)
        {
            for (var hop = 0; hop < Hops; hop++)
            {
                await Task.Run(() => { }, cancellationToken);
            }

            return new TlsSecret(await File.ReadAllBytesAsync(certificates, cancellationToken));
        }
    }
}
