using System.Collections.Concurrent;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Clients;

/// <summary>The base addresses of clients under a policy, as far as they are known when the host starts.</summary>
internal sealed class ClientAddresses(OutboundTlsSources sources, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, Uri> _known = new(StringComparer.Ordinal);

    /// <summary>The base address; <see langword="null"/>: not known.</summary>
    public Uri? Of(string client) => _known.GetValueOrDefault(client);

    /// <summary>Reports a base address that the policy refuses, or that is not where the Service is.</summary>
    public void Check(string client, Upstream upstream, DiagnosticList diagnostics)
    {
        if (sources.Replacements.ContainsKey(client) || Find(client) is not { IsAbsoluteUri: true } address)
        {
            return;
        }

        _known[client] = address;
        var (place, shown) = (new Place($"client '{client}'"), Show(address));
        if (!address.IsTls() && !MayBePlain(client, upstream))
        {
            diagnostics.Error(DiagnosticCodes.PlainBaseAddress, place,
                $"{place.Path}: its BaseAddress is {shown}, and its policy is about TLS; write https://, "
                + "or allow it with extensions.allowPlainHttp or DangerousAllowPlainHttp().");
        }

        var service = upstream.Source.Addresses;
        if (service.Count > 0 && !AddressWatch.Matches(service, address))
        {
            diagnostics.Warning(DiagnosticCodes.AddressDiffers, place,
                $"{place.Path}: its BaseAddress is {shown}, but the address of Service '{upstream.Name}' is "
                + $"{Show(service[0])}; "
                + "that server is met with the Service's policy, and shown its client certificate.");
        }
    }

    /// <summary>Host and port: the rest of an address may hold a password.</summary>
    public static string Show(Uri address) =>
        $"{address.Scheme}://{address.IdnHost}{(address.Port < 0 ? "" : $":{address.Port}")}";

    private bool MayBePlain(string client, Upstream upstream) =>
        upstream.Current.Context.Policy.DangerousAllowPlainHttp
        || sources.PlainHttpClients.Contains(client)
        || LoadedUpstreams.IsGatewayDefault(upstream);

    private Uri? Find(string client)
    {
        try
        {
            using var made = services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
            return made.BaseAddress;
        }
        catch (Exception)
        {
            // The user's code that configures the client throws: so it will when the client is made.
            return null;
        }
    }
}
