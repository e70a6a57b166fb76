using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
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
    private readonly ILogger _logger = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("FlexTls");

    private readonly ConcurrentDictionary<string, bool> _replaced = new(StringComparer.Ordinal);

    public void PostConfigure(string? name, HttpClientFactoryOptions options) => options.HttpMessageHandlerBuilderActions.Add(Apply);

    /// <summary>The last word on a client's handlers: nobody took ours away meanwhile.</summary>
    /// <exception cref="TlsPolicyException">Somebody did.</exception>
    public void Verify(HttpMessageHandlerBuilder builder)
    {
        var client = NameOf(builder);
        if (!sources.Replacements.ContainsKey(client) && registry.Loaded.ForClient(client) is { } upstream && PrimaryHandler.Of(builder).Ours?.Upstream != upstream)
        {
            var diagnostics = new DiagnosticList();
            var place = PlaceOf(client);
            diagnostics.Error(DiagnosticCodes.HandlerReplaced, place,
                $"{place.Path}: something set its primary handler after the policy was put on it; configure the handler with ConfigurePrimaryHttpMessageHandler instead.");
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }
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
            RegistrationLog.HandlerReplaced(_logger, client);
            ContextLog.CountDangerous(client, "replacedHandler");
        }
    }

    private static string NameOf(HttpMessageHandlerBuilder builder) => builder.Name ?? Options.DefaultName;

    private static Place PlaceOf(string client) => new($"client '{client}'");
}
