using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>What is logged about the clusters of a proxy.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(60, LogLevel.Warning,
        "Cluster '{Cluster}' is under no policy: its connections are the platform's, as UnboundClusters (Stock) says.")]
    public static partial void WithoutPolicy(ILogger logger, string cluster);
}
