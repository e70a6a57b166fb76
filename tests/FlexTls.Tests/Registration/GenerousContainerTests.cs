using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Some containers try to make every class that they are asked for, registered or not, and may fail.</summary>
public class GenerousContainerTests
{
    [Fact]
    public async Task TheFirstLoad_AsksForNoClassThatIsNotRegistered()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        await using var registry = new UpstreamRegistry(
            host.Services.GetRequiredService<OutboundTlsRegistration>(), new Generous(host.Services),
            host.Services.GetRequiredService<ProgramTelemetry>());

        registry.Load();

        Assert.NotNull(registry.GetContext("orders"));
    }

    private sealed class Generous(IServiceProvider services) : IServiceProvider
    {
        public object? GetService(Type serviceType) => services.GetService(serviceType)
            ?? (serviceType is { IsClass: true, IsAbstract: false }
                ? throw new InvalidOperationException($"{serviceType} cannot be made") : null);
    }
}
