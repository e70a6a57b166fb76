using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>What is logged about the clusters of a proxy.</summary>
internal static partial class ProxyLog
{
    /// <summary>The category of these lines; docs/operations.md lists all categories.</summary>
    public const string Category = "FlexTls.Policies";

    [LoggerMessage(60, LogLevel.Warning,
        "Cluster '{Cluster}' is under no policy: it uses the platform's TLS, because UnboundClusters is Stock.")]
    public static partial void WithoutPolicy(ILogger logger, string cluster);

    [LoggerMessage(61, LogLevel.Warning,
        "The IProxyConfigProvider of AddOutboundTls was removed: a configuration that is refused because a policy is "
        + "missing will not be loaded again when the policy arrives. Replace() removes the provider that was "
        + "registered first; to remove all others, call RemoveAll<IProxyConfigProvider>() before AddOutboundTls().")]
    public static partial void ProviderRemoved(ILogger logger);
}
