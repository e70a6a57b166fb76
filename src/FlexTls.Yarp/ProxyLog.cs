using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>What is logged about the clusters of a proxy.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(60, LogLevel.Warning,
        "Cluster '{Cluster}' is under no policy: its connections are the platform's, as UnboundClusters (Stock) says.")]
    public static partial void WithoutPolicy(ILogger logger, string cluster);

    [LoggerMessage(61, LogLevel.Warning,
        "The IProxyConfigProvider of AddOutboundTls was removed: a configuration that is refused for want of a policy "
        + "is not loaded again when the policy arrives. Replace() removes the first provider that was registered; to "
        + "remove all, call RemoveAll<IProxyConfigProvider>() before AddOutboundTls().")]
    public static partial void ProviderRemoved(ILogger logger);
}
