using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Configuration.ClusterValidators;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls;

/// <summary>
/// Checks a cluster whenever the proxy loads its configuration. The first check loads the policies: the proxy is mapped
/// before the host starts.
/// </summary>
internal sealed class ClusterTlsValidator(
    IServiceProvider services, ClusterHandlers clusters, IOutboundTlsHandlerFactory handlers,
    IOutboundTlsContextProvider contexts, IOptions<OutboundTlsProxyOptions> options) : IClusterValidator
{
    private TlsPolicyException? _reported;

    public ValueTask ValidateAsync(ClusterConfig cluster, IList<Exception> errors)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            var faults = Check(cluster, ClusterUpstream.Of(cluster.ClusterId, cluster.Metadata)).ToList();
            if (faults.Count > 0)
            {
                errors.Add(new TlsPolicyException(faults));
            }
        }
        catch (TlsPolicyException e)
        {
            // The policies themselves: their faults are listed once, whatever the number of clusters.
            errors.Add(e == _reported ? new TlsPolicyException([FaultOf(cluster, e.Diagnostics[0])]) : e);
            _reported = e;
        }

        return ValueTask.CompletedTask;
    }

    private IEnumerable<TlsPolicyDiagnostic> Check(ClusterConfig cluster, ClusterUpstream upstream)
    {
        // Asked for late: another factory may have been registered after ours, which is then not used. One before ours
        // would not be used either.
        if (services.GetServices<IForwarderHttpClientFactory>().Any(IsForeign))
        {
            yield return FaultOf(cluster, ProxyCodes.OtherClientFactory,
                "another client factory is registered, which knows no policies, by ConfigureHttpClient for example; "
                + "configure the handlers with AddOutboundTls(options => options.ConfigureHandler = …) instead.");
        }

        contexts.TryGetContext(upstream.Name, out var context);
        var behavior = upstream.WhileUnbound(options.Value);
        var settings = TlsSettings(cluster).ToList();
        if (context is not null || behavior != UnboundClientBehavior.Stock)
        {
            foreach (var setting in settings)
            {
                yield return FaultOf(cluster, ProxyCodes.TlsSettingOfCluster,
                    $"HttpClient.{setting} is set, which the policy decides; remove it.");
            }
        }

        if (context?.Policy is { DangerousAllowPlainHttp: false })
        {
            foreach (var address in PlainAddresses(cluster))
            {
                yield return FaultOf(cluster, ProxyCodes.PlainDestination,
                    $"its destination {address} has no TLS, but the cluster is under a policy; write https://, or "
                    + "extensions.allowPlainHttp: true in the policy.");
            }
        }

        if (settings.Count == 0)
        {
            foreach (var fault in handlers.CheckLateBoundHandler(upstream.Name, behavior, SettingsOf(cluster)))
            {
                yield return FaultOf(cluster, fault);
            }
        }
    }

    private SocketsHttpHandler SettingsOf(ClusterConfig cluster) => clusters.SettingsOf(new ForwarderHttpClientContext
    {
        ClusterId = cluster.ClusterId,
        NewConfig = cluster.HttpClient ?? HttpClientConfig.Empty,
        NewMetadata = cluster.Metadata,
    });

    /// <summary>Whether it is neither ours nor the proxy's own, in whose place ours stands.</summary>
    private static bool IsForeign(IForwarderHttpClientFactory factory) =>
        factory is not ClusterClients && factory.GetType() != typeof(ForwarderHttpClientFactory);

    private static IEnumerable<string> TlsSettings(ClusterConfig cluster)
    {
        if (cluster.HttpClient?.SslProtocols is not null)
        {
            yield return nameof(HttpClientConfig.SslProtocols);
        }

        if (cluster.HttpClient?.DangerousAcceptAnyServerCertificate == true)
        {
            yield return nameof(HttpClientConfig.DangerousAcceptAnyServerCertificate);
        }
    }

    private static IEnumerable<string> PlainAddresses(ClusterConfig cluster) =>
        (cluster.Destinations?.Values ?? [])
            .SelectMany(destination => (string?[])[destination.Address, destination.Health])
            .OfType<string>()
            .Where(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase));

    private static TlsPolicyDiagnostic FaultOf(ClusterConfig cluster, string code, string problem) =>
        new(code, TlsPolicyDiagnosticSeverity.Error, $"cluster '{cluster.ClusterId}': {problem}", null, 0, 0);

    /// <summary>A fault of the policies, with the cluster that meets it.</summary>
    private static TlsPolicyDiagnostic FaultOf(ClusterConfig cluster, TlsPolicyDiagnostic fault) =>
        fault with { Message = $"cluster '{cluster.ClusterId}': {fault.Message}" };
}
