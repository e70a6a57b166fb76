using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexTls.Connections;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Reloading;
using FlexTls.Sources;
using FlexTls.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlexTls.Clients;

/// <summary>
/// Puts a gate in front of the primary handler of every client that may come under a policy, after all that the user
/// configured, whatever the order of the calls, and decides for these gates.
/// </summary>
internal sealed class ClientHandlers(
    OutboundTlsSources sources, UpstreamRegistry registry, ClientAddresses addresses, IServiceProvider services)
    : IPostConfigureOptions<HttpClientFactoryOptions>
{
    // Asked for late: a logger may itself use an HttpClient.
    private ILogger Logger => SafeLogger.Create(services.GetService<ILoggerFactory>());

    private readonly ConcurrentDictionary<string, bool> _weakened = new(StringComparer.Ordinal);

    /// <summary>Changes whenever a client without a policy may get one.</summary>
    public int Version => registry.Loaded.Version;

    public void PostConfigure(string? name, HttpClientFactoryOptions options) => options.HttpMessageHandlerBuilderActions.Add(Apply);

    /// <summary>
    /// The last step on a client's handlers: if the gate was removed, a new one refuses requests that come under a
    /// policy.
    /// </summary>
    public void SayLastWord(HttpMessageHandlerBuilder builder)
    {
        var client = NameOf(builder);
        if (CouldBeBound(client) && !sources.Replacements.ContainsKey(client))
        {
            PrimaryHandler.Guard(builder, client, this, isLate: true);
        }
    }

    /// <summary>Checks that a finished handler has the gate of its own client.</summary>
    /// <exception cref="TlsPolicyException">It has none, or the client must not be used.</exception>
    public void Verify(string client, HttpMessageHandler handler)
    {
        if (sources.Replacements.ContainsKey(client))
        {
            return;
        }

        var diagnostics = new DiagnosticList();
        if (PrimaryHandler.FindGate(handler, gate => gate.IsOf(client, this)) is { } own)
        {
            diagnostics.AddRange(own.Decide());
        }
        else
        {
            VerifyWithoutGate(client, handler, diagnostics);
        }

        if (diagnostics.HasErrors)
        {
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }
    }

    /// <summary>
    /// Our handler for a client by the policies in force now, or why its requests are refused; neither: it has no
    /// policy.
    /// </summary>
    public (OutboundTlsHandler? Handler, IReadOnlyList<TlsPolicyDiagnostic> Faults, int Version) Find(
        string client, PrimaryHandler primary, OutboundTlsHandler? current)
    {
        var ofHandler = new DiagnosticList();
        var other = primary.GateOfAnother;
        if (other is null)
        {
            primary.Examine(PlaceOf(client), ofHandler);
        }

        int version;
        Upstream? upstream;
        try
        {
            // In this order: a policy that arrives meanwhile is found by the next request.
            version = Version;
            upstream = registry.Loaded.ForClient(client);
        }
        catch (TlsPolicyException e)
        {
            // Report the handler's faults together with the policies'.
            return (null, [.. e.Diagnostics, .. sources.HasCallsFor(client) ? ofHandler.InFileOrder() : []], 0);
        }

        if (other is not null)
        {
            CheckShared(other, upstream, client, ofHandler);
            upstream?.RefusedClients.Note(client, ofHandler.InFileOrder());
            return (null, ofHandler.InFileOrder(), version);
        }

        var faults = ofHandler.InFileOrder();
        if (upstream is null or { IsGatewayDefault: true })
        {
            registry.Loaded.WithoutPolicy.Note(client, faults);
        }

        if (upstream is null)
        {
            return (null, [], version);
        }

        if (upstream == current?.Upstream)
        {
            return (current, [], version);
        }

        upstream.RefusedClients.Note(client, faults);
        return faults.Count > 0
            ? (null, faults, version)
            : (CreateHandler(client, upstream, (SocketsHttpHandler)primary.Handler!), faults, version);
    }

    /// <summary>
    /// Logs the first request of an upstream that goes to another address than its Service's. Otherwise allocates
    /// nothing.
    /// </summary>
    public void NoteAddress(string client, Upstream upstream, Uri? requested)
    {
        var service = upstream.Source.Addresses;
        if (requested is { IsAbsoluteUri: true }
            && upstream.AddressWatch.IsNews(service, addresses.Of(client), requested))
        {
            RegistrationLog.AddressDiffers(Logger, client, requested, upstream.Name, ClientAddresses.Show(service[0]));
        }
    }

    public void LogRefusal(string client, TlsPolicyDiagnostic fault) =>
        RegistrationLog.ClientRefused(Logger, client, fault);

    /// <summary>
    /// Whether a client may be under a policy, now or later, or differs only in letter case from one that is.
    /// </summary>
    public bool CouldBeBound(string client) =>
        sources.ForAllClients.Count > 0
        || sources.UnboundClients != UnboundClientBehavior.Stock
        || sources.FindAnySpellingOf(client) is not null;

    private void VerifyWithoutGate(string client, HttpMessageHandler handler, DiagnosticList diagnostics)
    {
        // While the policies cannot be used, clients without a policy are not handed out either.
        if (!registry.IsLoading)
        {
            _ = registry.Loaded;
        }

        if (CouldBeBound(client))
        {
            var place = PlaceOf(client);
            diagnostics.Error(DiagnosticCodes.HandlerReplaced, place, PrimaryHandler.ReplacedMessage(place));
        }
        else if (PrimaryHandler.FindGate(handler) is { } other)
        {
            CheckShared(other, upstream: null, client, diagnostics);
        }
    }

    private void Apply(HttpMessageHandlerBuilder builder)
    {
        var client = NameOf(builder);
        if (sources.Replacements.TryGetValue(client, out var replacement))
        {
            Replace(builder, client, replacement);
        }
        else if (CouldBeBound(client))
        {
            PrimaryHandler.Guard(builder, client, this, isLate: false);
        }
    }

    private OutboundTlsHandler CreateHandler(string client, Upstream upstream, SocketsHttpHandler settings)
    {
        var allowsPlainHttp = sources.PlainHttpClients.Contains(client);
        if (allowsPlainHttp && _weakened.TryAdd(client, true))
        {
            RegistrationLog.PlainHttpAllowed(Logger, client);
            ContextLog.CountDangerous(client, "allowPlainHttp");
        }

        // A client under the gateway's default has no written policy that could allow plain HTTP.
        allowsPlainHttp |= upstream.IsGatewayDefault;
        var meters = services.GetService<IMeterFactory>();
        return new OutboundTlsHandler(new HandlerBlueprint(upstream, settings, meters, allowsPlainHttp));
    }

    /// <summary>Two clients may share a delegating handler only while neither has a policy.</summary>
    private static void CheckShared(
        ClientGate other, Upstream? upstream, string client, DiagnosticList diagnostics)
    {
        other.Decide();
        if (other.Handler is not null || upstream is not null)
        {
            diagnostics.Error(DiagnosticCodes.HandlerReplaced, PlaceOf(client),
                $"client '{client}': it shares its primary handler with client '{other.Client}', "
                + "and at least one of them has a policy; "
                + "return a new one each time from ConfigurePrimaryHttpMessageHandler.");
        }
    }

    private void Replace(HttpMessageHandlerBuilder builder, string client, Func<HttpMessageHandler> replacement)
    {
        // Fails where weakenings are forbidden.
        _ = registry.Loaded;
        builder.PrimaryHandler = replacement();
        if (_weakened.TryAdd(client, true))
        {
            RegistrationLog.HandlerReplaced(Logger, client);
            ContextLog.CountDangerous(client, "replacedHandler");
        }
    }

    private static string NameOf(HttpMessageHandlerBuilder builder) => builder.Name ?? Options.DefaultName;

    private static Place PlaceOf(string client) => new($"client '{client}'");
}
