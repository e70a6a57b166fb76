using FlexTls;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Reports the health of outbound TLS.</summary>
public static class OutboundTlsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of all upstreams. <see cref="HealthStatus.Degraded"/>: a certificate expires within the
    /// longest of <see cref="OutboundTlsBuilder.ExpiryWarnings"/> that applies to it, a trusted CA or a certificate of
    /// a server has expired, an upstream is <see cref="UpstreamTlsState.Degraded"/> or
    /// <see cref="UpstreamTlsState.Weakened"/>, watching makes no progress, or a policy file without an upstream cannot
    /// be used.
    /// <paramref name="failureStatus"/>: a client certificate, or an intermediate that is sent with it, has expired, or
    /// the policies cannot be used at all.
    /// </summary>
    /// <remarks>
    /// An expired CA is not a failure: other CAs of the policy may still vouch for the server, and if none does, its
    /// connections fail with a message. The description and the data name upstreams, subjects and files, and contain no
    /// secret.
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">
    /// The status to report for a failure. Default: <see cref="HealthStatus.Unhealthy"/>.
    /// </param>
    /// <param name="tags">Tags for selecting the check. Default: none.</param>
    /// <param name="timeout">How long the check may take. Default: no limit; it makes no connection.</param>
    /// <returns>The health checks.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="builder"/> or <paramref name="name"/> is <see langword="null"/>.
    /// </exception>
    public static IHealthChecksBuilder AddOutboundTls(
        this IHealthChecksBuilder builder,
        string name = "outbound-tls",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        builder.Services.AddOutboundTls();
        return builder.Add(new HealthCheckRegistration(
            name,
            services => new OutboundTlsHealthCheck(
                services.GetRequiredService<UpstreamRegistry>(), services.GetRequiredService<OutboundTlsRegistration>(),
                services.GetService<TimeProvider>()),
            failureStatus, tags, timeout));
    }
}
