using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// The start touches no client without a policy. Its handler may need what the host has not started yet, and the
/// platform's factory keeps the exception of its first attempt.
/// </summary>
public class UntouchedClientTests
{
    [Theory]
    [InlineData(true, UnboundClientBehavior.Stock)]
    [InlineData(false, UnboundClientBehavior.GatewayDefault)]
    [InlineData(true, UnboundClientBehavior.Refuse)]
    public async Task AHandlerThatNeedsTheRunningHost_IsMadeWhenItsClientIs(
        bool hasDefaultCall, UnboundClientBehavior unbound)
    {
        var isStarted = false;
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddOutboundTls(tls =>
        {
            tls.AddPolicy("orders", OutboundTlsPolicy.Default);
            tls.UnboundClients = unbound;
        });
        if (hasDefaultCall)
        {
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        }

        services.AddHttpClient("free").ConfigurePrimaryHttpMessageHandler(
            () => isStarted ? new SocketsHttpHandler() : throw new InvalidOperationException("The host does not run."));

        await host.StartAsync();
        isStarted = true;

        if (unbound == UnboundClientBehavior.Refuse)
        {
            var refusal = Assert.Throws<TlsPolicyException>(() => host["free"]);
            Assert.Equal(DiagnosticCodes.UnboundClient, Assert.Single(refusal.Diagnostics).Code);
        }
        else
        {
            Assert.NotNull(host["free"]);
        }
    }

    [Fact]
    public async Task AClientThatLetsRequestsChoose_IsCheckedAtStart()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("tenants").AllowUpstreamSelection()
            .ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);

        Assert.Equal(DiagnosticCodes.ForeignPrimaryHandler, fault.Code);
    }

    [Fact]
    public async Task AHandlerOfAClientUnderAPolicy_ThatCannotBeMade_EndsTheStart()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default)
            .ConfigurePrimaryHttpMessageHandler(() => throw new InvalidOperationException("The host does not run."));

        await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
    }
}
