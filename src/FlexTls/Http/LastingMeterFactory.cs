using System.Diagnostics.Metrics;

namespace FlexTls;

/// <summary>
/// The meters of a program, until its services are disposed; afterwards meters that nobody disposes, so that clients
/// which the program still has can make handlers.
/// </summary>
internal sealed class LastingMeterFactory(IMeterFactory meters) : IMeterFactory
{
    public Meter Create(MeterOptions options)
    {
        // The scope is the factory that the platform was given, and the program's accepts no other than itself.
        var own = new MeterOptions(options.Name)
        {
            Version = options.Version,
            Tags = options.Tags,
            TelemetrySchemaUrl = options.TelemetrySchemaUrl,
        };
        try
        {
            return meters.Create(own);
        }
        catch (ObjectDisposedException)
        {
            return new Meter(own);
        }
    }

    /// <summary>Does nothing: the services own the meters.</summary>
    public void Dispose()
    {
    }
}
