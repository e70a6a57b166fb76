using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlexTls.Status;

/// <summary>Warns of expiring certificates of every upstream in use, until the services are disposed.</summary>
internal sealed class ExpiryWatch(
    OutboundTlsRegistration registration, IServiceProvider services) : IUpstreamObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<UpstreamExpiry> _watched = [];
    private readonly TimeProvider _clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
    private readonly ILogger _logger = SafeLogger.Create(services.GetService<ILoggerFactory>);
    private readonly ExpiryThresholds _thresholds = new(registration.ExpiryWarnings);
    private bool _isDisposed;

    public void Add(Upstream upstream)
    {
        UpstreamExpiry expiry;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            expiry = new UpstreamExpiry(upstream.Name, _clock, _thresholds, _logger);
            _watched.Add(expiry);
        }

        upstream.Join(expiry);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _watched.ForEach(expiry => expiry.Dispose());
            _watched.Clear();
        }
    }
}
