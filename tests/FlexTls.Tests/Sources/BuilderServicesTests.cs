using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>A package can add a provider together with what it needs, in one call.</summary>
public class BuilderServicesTests
{
    [Fact]
    public void TheBuilder_HasTheServicesOfTheProgram()
    {
        var services = new ServiceCollection();

        services.AddOutboundTls(tls => Assert.Same(services, tls.Services));
        services.AddOutboundTls(tls => tls.Services.AddSingleton("added by a package"));

        using var provider = services.BuildServiceProvider();
        Assert.Equal("added by a package", provider.GetRequiredService<string>());
    }
}
