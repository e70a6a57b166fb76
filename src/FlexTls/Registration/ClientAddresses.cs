using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>The base addresses of clients under a policy, as far as they are known at host start.</summary>
internal sealed partial class ClientAddresses(OutboundTlsRegistration registration, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, Uri> _known = new(StringComparer.Ordinal);

    /// <summary>The base address; <see langword="null"/>: unknown.</summary>
    public Uri? Of(string client) => _known.GetValueOrDefault(client);

    /// <summary>Reports a base address that the policy refuses, or that differs from the Service's.</summary>
    public void Check(string client, Upstream upstream, DiagnosticList diagnostics)
    {
        if (registration.Replacements.ContainsKey(client) || Find(client) is not { IsAbsoluteUri: true } address)
        {
            return;
        }

        _known[client] = address;
        var (place, shown) = (new Place($"client '{client}'"), Show(address));
        if (!MayBecomeTls(address) && !MayBePlain(client, upstream))
        {
            var fault = IsHostAndPort(address) ? $"which has no scheme that can be used; write https://{shown}, "
                : "and its policy requires TLS; write https://, ";
            diagnostics.Error(DiagnosticCodes.PlainBaseAddress, place,
                $"{place.Path}: its BaseAddress is {shown}, {fault}"
                + "or allow it with allowPlainHttp (under extensions) or DangerousAllowPlainHttp().");
        }

        var service = upstream.Source.Addresses;
        if (service.Count > 0 && !AddressWatch.Matches(service, address))
        {
            diagnostics.Warning(DiagnosticCodes.AddressDiffers, place,
                $"{place.Path}: its BaseAddress is {shown}, but the address of Service '{upstream.Name}' is "
                + $"{Show(service[0])}; that server gets the Service's policy, client certificate included.");
        }
    }

    /// <summary>Scheme, host and port only: the rest of an address may contain a password.</summary>
    public static string Show(Uri address) => IsHostAndPort(address) ? address.OriginalString
        : $"{address.Scheme}://{address.AsciiHost()}{(address.Port < 0 ? "" : $":{address.Port}")}";

    /// <summary>
    /// Whether requests to it may use TLS: service discovery chooses one of several schemes, as in <c>https+http</c>.
    /// </summary>
    private static bool MayBecomeTls(Uri address) =>
        address.IsTls() || address.Scheme.Split('+').Contains(Uri.UriSchemeHttps);

    /// <summary>Whether the scheme is missing, so that the host was parsed as the scheme.</summary>
    private static bool IsHostAndPort(Uri address) =>
        address.Host.Length == 0 && HostAndPort().IsMatch(address.OriginalString);

    [GeneratedRegex(@"^[A-Za-z0-9.-]{1,253}:[0-9]{1,5}\z")]
    private static partial Regex HostAndPort();

    private bool MayBePlain(string client, Upstream upstream) =>
        upstream.Current.Context.Policy.DangerousAllowPlainHttp
        || registration.PlainHttpClients.Contains(client)
        || upstream.IsGatewayDefault;

    private Uri? Find(string client)
    {
        try
        {
            // A client of our own: clients from the factory belong to the program.
            using var made = new HttpClient();
            var options = services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(client);
            foreach (var configure in options.HttpClientActions)
            {
                configure(made);
            }

            return made.BaseAddress;
        }
        catch (Exception)
        {
            // The user's configuration of the client throws, and throws again when the client is created.
            return null;
        }
    }
}
