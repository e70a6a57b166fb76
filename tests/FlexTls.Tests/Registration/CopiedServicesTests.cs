using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// A program may copy its services, as old web hosts and programs with a container for each tenant do, and go on
/// registering in the copy.
/// </summary>
public class CopiedServicesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AClientThatIsBoundInTheCopy_IsUnderItsPolicy_WhateverTheOrder(bool policyFirst)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var common = new ServiceCollection();
        Action policy = () => common.AddOutboundTls(
            tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
        Action other = () => common.AddHttpClient("other");
        foreach (var step in policyFirst ? [policy, other] : new[] { other, policy })
        {
            step();
        }

        Copy(common, host.Builder.Services);
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AFaultOfAClientThatIsRegisteredInTheCopy_EndsTheStart()
    {
        await using var host = new PolicyHost();
        var common = new ServiceCollection();
        common.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        Copy(common, host.Builder.Services);
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls()
            .ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.Equal(DiagnosticCodes.ForeignPrimaryHandler, Assert.Single(refused.Diagnostics).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatOneCopyRegisters_IsNotThatOfAnother(bool hasAnother)
    {
        await using var host = new PolicyHost();
        var common = new ServiceCollection();
        common.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        if (hasAnother)
        {
            var another = new ServiceCollection();
            Copy(common, another);
            another.AddHttpClient("orders").AddOutboundTls();
        }

        var services = host.Builder.Services;
        Copy(common, services);
        services.AddHttpClient();
        DecoratedFactories.DecorateBoth(services);
        services.AddTransient<HttpMessageHandlerBuilder, StubbornBuilder>();
        services.AddHttpClient("orders").AddOutboundTls();

        var refused = Assert.Throws<TlsPolicyException>(() => host["orders"]);

        Assert.Equal(DiagnosticCodes.HandlerReplaced, Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task AFaultOfAClient_EndsTheStart_IfPoliciesAreMergedInFromElsewhere()
    {
        await using var host = new PolicyHost();
        var policies = new ServiceCollection();
        policies.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls()
            .ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());
        Copy(policies, services);
        services.AddHttpClient("other").AddOutboundTls("orders");

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.Equal(DiagnosticCodes.ForeignPrimaryHandler, Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public void FinishedServicesOfAnotherContainer_TakeNoCalls()
    {
        var common = new ServiceCollection();
        common.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        using var finished = common.BuildServiceProvider();
        var services = new ServiceCollection();
        foreach (var service in common)
        {
            ((ICollection<ServiceDescriptor>)services).Add(
                service.Lifetime == ServiceLifetime.Singleton && !service.ServiceType.ContainsGenericParameters
                    ? new ServiceDescriptor(service.ServiceType, finished.GetRequiredService(service.ServiceType))
                    : service);
        }

        Assert.Throws<InvalidOperationException>(() => services.AddHttpClient("orders").AddOutboundTls());
        Assert.Throws<InvalidOperationException>(() => services.AddOutboundTls(_ => { }));
    }

    [Fact]
    public async Task ACollectionThatIsClearedAndFilledAgain_IsLikeANewOne()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var services = new ServiceCollection();
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        var count = services.Count;
        services.Clear();
        while (services.Count < count)
        {
            services.AddKeyedSingleton("key", new object());
        }

        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await client.GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    private static void Copy(IServiceCollection services, IServiceCollection to)
    {
        foreach (var service in services)
        {
            to.Add(service);
        }
    }
}
