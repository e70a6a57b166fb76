using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Reloading;
using FlexTls.Sources;
using FlexTls.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlexTls.Clients;

/// <summary>
/// Gives every client that is bound to a policy our handler, after all that the user configured, whatever the order of
/// the calls.
/// </summary>
internal sealed class ClientHandlers(OutboundTlsSources sources, UpstreamRegistry registry, IServiceProvider services) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    // Asked for late: a logger may itself use an HttpClient.
    private ILogger Logger => (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("FlexTls");

    private readonly ConcurrentDictionary<string, bool> _replaced = new(StringComparer.Ordinal);

    public void PostConfigure(string? name, HttpClientFactoryOptions options) => options.HttpMessageHandlerBuilderActions.Add(Apply);

    /// <summary>The last word on a client's handlers: it has ours under its own policy, and no other client's.</summary>
    /// <exception cref="TlsPolicyException">Somebody took it away, or shares one between clients.</exception>
    public void Verify(HttpMessageHandlerBuilder builder)
    {
        var client = NameOf(builder);
        var found = PrimaryHandler.Of(builder).Ours;
        if (sources.Replacements.ContainsKey(client) || found?.Upstream == registry.Loaded.ForClient(client))
        {
            return;
        }

        var diagnostics = new DiagnosticList();
        var place = PlaceOf(client);
        diagnostics.Error(DiagnosticCodes.HandlerReplaced, place, found is null
            ? $"{place.Path}: something set its primary handler after the policy was put on it; configure the handler with ConfigurePrimaryHttpMessageHandler instead."
            : $"{place.Path}: its primary handler is that of a client under another policy; return a new one each time from ConfigurePrimaryHttpMessageHandler.");
        throw new TlsPolicyException(diagnostics.InFileOrder());
    }

    private void Apply(HttpMessageHandlerBuilder builder)
    {
        var client = NameOf(builder);
        if (sources.Replacements.TryGetValue(client, out var replacement))
        {
            Replace(builder, client, replacement);
            return;
        }

        // What is wrong with the handler is told together with what is wrong with the policies.
        var primary = PrimaryHandler.Of(builder);
        var diagnostics = new DiagnosticList();
        primary.Examine(PlaceOf(client), diagnostics);
        if (UpstreamOf(client, diagnostics) is not { } upstream)
        {
            return;
        }

        if (diagnostics.HasErrors)
        {
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }

        primary.Replace(upstream, builder.Services.GetService<IMeterFactory>());
    }

    private Upstream? UpstreamOf(string client, DiagnosticList ofHandler)
    {
        try
        {
            return registry.Loaded.ForClient(client);
        }
        catch (TlsPolicyException e) when (ofHandler.HasErrors && sources.HasCallsFor(client))
        {
            throw new TlsPolicyException(e.Diagnostics.Concat(ofHandler.InFileOrder()));
        }
    }

    private void Replace(HttpMessageHandlerBuilder builder, string client, Func<HttpMessageHandler> replacement)
    {
        // Fails where weakenings are forbidden.
        _ = registry.Loaded;
        builder.PrimaryHandler = replacement();
        if (_replaced.TryAdd(client, true))
        {
            RegistrationLog.HandlerReplaced(Logger, client);
            ContextLog.CountDangerous(client, "replacedHandler");
        }
    }

    private static string NameOf(HttpMessageHandlerBuilder builder) => builder.Name ?? Options.DefaultName;

    private static Place PlaceOf(string client) => new($"client '{client}'");
}
