using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace FlexTls.Registration;

/// <summary>A host that does not know <see cref="IHostedLifecycleService"/>, such as that of WebHostBuilder.</summary>
public class OldHostTests
{
    [Fact]
    public async Task ABadPolicy_EndsTheStart()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls("missing");
        await using var services = host.Builder.Services.BuildServiceProvider();

        var fault = await Assert.ThrowsAsync<TlsPolicyException>(async () =>
        {
            foreach (var service in services.GetServices<IHostedService>())
            {
                await service.StartAsync(Deadline.Token());
            }
        });

        Assert.Equal(DiagnosticCodes.NoPolicyForClient, Assert.Single(fault.Diagnostics).Code);
    }
}
