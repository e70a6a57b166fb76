using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Configuration.ClusterValidators;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls;

/// <summary>
/// Checks a cluster whenever the proxy loads its configuration. The first check loads the policies: the proxy is mapped
/// before the host starts.
/// </summary>
internal sealed class ClusterTlsValidator(
    IServiceProvider services, ClusterHandlers clients, IOutboundTlsHandlerFactory handlers,
    IOutboundTlsContextProvider contexts, IOutboundTlsManager policies, RefusedConfigurations refused,
    IOptions<OutboundTlsProxyOptions> options, ILoggerFactory logs) : IClusterValidator
{
    // The code of FlexTls for a name without a policy.
    private const string NoPolicy = "FTLS7001";

    private const int MostLogged = 1000;

    private readonly ILogger _logger = logs.CreateLogger(ProxyLog.Category);
    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);
    private TlsPolicyException? _reported;

    public ValueTask ValidateAsync(ClusterConfig cluster, IList<Exception> errors)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            // Taken before the check, so that it fires for a policy that comes into force during the check.
            var change = policies.GetReloadToken();
            var isGood = false;
            try
            {
                var faults = Check(cluster, ClusterUpstream.Of(IdOf(cluster), cluster.Metadata)).ToList();
                isGood = faults.Count == 0;
                if (!isGood)
                {
                    errors.Add(new TlsPolicyException(faults));
                }
            }
            finally
            {
                // Also if ConfigureHandler throws: it may fail because the policy is missing.
                if (!isGood)
                {
                    refused.LoadAgainAfter(change);
                }
            }
        }
        catch (TlsPolicyException e)
        {
            // The policies themselves are faulty: the first cluster lists the faults, the others only refer to them.
            errors.Add(e == _reported
                ? new TlsPolicyException([FaultOf(
                    cluster, ProxyCodes.NotChecked, "it was not checked, because the policies cannot be used.")])
                : e);
            _reported = e;
        }

        return ValueTask.CompletedTask;
    }

    private IEnumerable<TlsPolicyDiagnostic> Check(ClusterConfig cluster, ClusterUpstream upstream)
    {
        if (ProxyRegistrationCheck.HasOtherFactory(services))
        {
            yield return FaultOf(cluster, ProxyCodes.OtherClientFactory, ProxyRegistrationCheck.OtherFactoryProblem);
        }

        if (ClusterUpstream.IsNamedTwice(cluster.Metadata))
        {
            yield return FaultOf(cluster, ProxyCodes.NamedTwice,
                $"its metadata has {ClusterUpstream.MetadataKey} in several spellings; keep one.");
        }

        contexts.TryGetContext(upstream.Name, out var context);
        var behavior = upstream.WhileUnbound(options.Value);
        if (context is not null || behavior == UnboundClientBehavior.GatewayDefault)
        {
            foreach (var setting in TlsSettings(cluster))
            {
                yield return FaultOf(cluster, ProxyCodes.TlsSettingOfCluster,
                    $"HttpClient.{setting} is set, which the policy decides; remove it, and set "
                    + (setting == nameof(HttpClientConfig.SslProtocols) ? "minversion and maxversion" : "trustedCA")
                    + " in the policy.");
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

        if (context is not null || behavior != UnboundClientBehavior.Stock)
        {
            _logged.TryRemove(cluster.ClusterId, out _);
        }
        else if (_logged.Count < MostLogged && _logged.TryAdd(cluster.ClusterId, true))
        {
            ProxyLog.WithoutPolicy(_logger, cluster.ClusterId);
        }

        using var settings = SettingsOf(cluster);
        foreach (var fault in handlers.CheckLateBoundHandler(upstream.Name, behavior, settings))
        {
            yield return FaultOf(cluster, InWordsOfClusters(fault, upstream, behavior));
        }
    }

    /// <summary>
    /// Rewrites a handler's fault for a cluster: without the name of a client, which nobody registered, and with the
    /// setting that makes a missing policy a fault.
    /// </summary>
    private static TlsPolicyDiagnostic InWordsOfClusters(
        TlsPolicyDiagnostic fault, ClusterUpstream upstream, UnboundClientBehavior behavior)
    {
        var client = $"client '{upstream.Name}': ";
        var problem = fault.Message.StartsWith(client, StringComparison.Ordinal)
            ? fault.Message[client.Length..] : fault.Message;
        if (fault.Code == NoPolicy && upstream.IsNamed)
        {
            problem = $"its metadata {ClusterUpstream.MetadataKey}: {problem}";
        }
        else if (fault.Code == NoPolicy && behavior == UnboundClientBehavior.Refuse)
        {
            problem = $"{problem} UnboundClusters is Refuse: register a policy for it, or name a Service "
                + $"in its metadata ({ClusterUpstream.MetadataKey}).";
        }

        return fault with { Message = problem };
    }

    /// <summary>A cluster's name in messages; the proxy may run it under another spelling of its id.</summary>
    private string NameOf(ClusterConfig cluster) => IdOf(cluster) is var id && id == cluster.ClusterId
        ? $"cluster '{id}'" : $"cluster '{cluster.ClusterId}', which runs as '{id}' until it is removed";

    /// <summary>
    /// The id as the proxy uses it: it keeps the first spelling of a running cluster's id. The lookup cannot be
    /// injected: what implements it depends on this validator.
    /// </summary>
    private string IdOf(ClusterConfig cluster) =>
        services.GetRequiredService<IProxyStateLookup>().TryGetCluster(cluster.ClusterId, out var running)
            ? running.ClusterId : cluster.ClusterId;

    private SocketsHttpHandler SettingsOf(ClusterConfig cluster) => clients.SettingsOf(new ForwarderHttpClientContext
    {
        ClusterId = IdOf(cluster),

        // Without the settings that are reported by their own names.
        NewConfig = (cluster.HttpClient ?? HttpClientConfig.Empty) with
        {
            SslProtocols = null,
            DangerousAcceptAnyServerCertificate = null,
        },
        NewMetadata = cluster.Metadata,
    });

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

            // An empty address counts as none, as it does for the proxy.
            .Where(address => address.Length > 0)
            .Where(address => !address.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    private TlsPolicyDiagnostic FaultOf(ClusterConfig cluster, string code, string problem) =>
        ProxyCodes.Fault(code, $"{NameOf(cluster)}: {problem}");

    /// <summary>A fault of the policies, with the cluster that meets it.</summary>
    private TlsPolicyDiagnostic FaultOf(ClusterConfig cluster, TlsPolicyDiagnostic fault) =>
        fault with { Message = $"{NameOf(cluster)}: {fault.Message}" };
}
