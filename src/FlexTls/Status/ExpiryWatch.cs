namespace FlexTls;

/// <summary>Warns of expiring certificates of every upstream in use, until the services are disposed.</summary>
internal sealed class ExpiryWatch(
    OutboundTlsRegistration registration, ProgramTelemetry telemetry, TimeProvider? clock = null)
    : IUpstreamObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<UpstreamExpiry> _watched = [];
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ExpiryThresholds _thresholds = new(registration);
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

            expiry = new UpstreamExpiry(upstream.Name, _clock, _thresholds, telemetry.Expiry);
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
