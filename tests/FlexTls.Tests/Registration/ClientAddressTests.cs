using FlexTls.Reloading;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Where a client's requests go: over TLS, and to where its Service is said to be.</summary>
public class ClientAddressTests
{
    [Theory]
    [InlineData("http://user:secret@orders.example/a", true)]
    [InlineData("ws://orders.example/", true)]
    [InlineData("http+ws://orders.example/", true)]
    [InlineData("https+http://orders", false)]
    [InlineData("http+https://orders", false)]
    [InlineData("https://orders.example/", false)]
    [InlineData("wss://orders.example/", false)]
    [InlineData(null, false)]
    public async Task APlainBaseAddress_IsAnErrorAtStart(string? address, bool isError)
    {
        foreach (var isDefaultCall in new[] { false, true })
        {
            await using var host = new PolicyHost();
            host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
            var client = host.Builder.Services.AddHttpClient("orders", (_, client) => client.BaseAddress = address is null ? null : new Uri(address));
            _ = isDefaultCall ? host.Builder.Services.ConfigureHttpClientDefaults(all => all.AddOutboundTls()) : client.AddOutboundTls().Services;

            if (!isError)
            {
                await host.StartAsync();
                continue;
            }

            var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);
            Assert.Equal(DiagnosticCodes.PlainBaseAddress, fault.Code);
            Assert.Contains("client 'orders'", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ABaseAddressWithoutItsScheme_IsShownAsItWasWritten()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders", client => client.BaseAddress = new Uri("localhost:9443"))
            .AddOutboundTls(OutboundTlsPolicy.Default);

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);

        Assert.StartsWith(
            "client 'orders': its BaseAddress is localhost:9443, which has no scheme that can be used; "
                + "write https://localhost:9443, ",
            fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheUsersOwnCodeThrows_IsLeftToWhoeverMakesTheClient()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders", _ => throw new NotSupportedException("the user's")).AddOutboundTls(OutboundTlsPolicy.Default);

        await host.StartAsync();

        Assert.Throws<NotSupportedException>(() => host["orders"]);
    }

    [Theory]
    [InlineData("https://orders.example", "https://orders.example/api", false)]
    [InlineData("https://orders.example:8443/", "https://orders.example:8443", false)]
    [InlineData("https://orders.example", "https://ORDERS.example:443/", false)]
    [InlineData("http://orders.example", "https://orders.example", false)]
    [InlineData("https://[::1]:8443", "https://[::1]:8443", false)]
    [InlineData("https://orders.example", "https://orders.example:8443", true)]
    [InlineData("https://orders.example", "https://user:secret@order.example/a?b=c", true)]
    [InlineData("h2://orders.example:8080", "https://orders.example", true)]
    public async Task ABaseAddressThatIsNotTheServices_IsAWarningAtStart(string service, string address, bool isWarning)
    {
        await using var host = new PolicyHost();
        host.Write("policies/orders.yaml", PolicyYaml.Binding("orders", "{}"));
        host.Write("policies/services.yaml", Service("orders", service));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies"));
        host.Builder.Services.AddHttpClient("orders", client => client.BaseAddress = new Uri(address)).AddOutboundTls();

        await host.StartAsync();

        var warnings = host.Log.Warnings.Where(line => line.Contains(DiagnosticCodes.AddressDiffers, StringComparison.Ordinal)).ToList();
        Assert.Equal(isWarning ? 1 : 0, warnings.Count);
        Assert.All(warnings, warning =>
        {
            Assert.Contains("client 'orders'", warning, StringComparison.Ordinal);
            Assert.Contains(new Uri(service).Host, warning, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task ARequestToAnAuthorityThatIsNeither_IsLoggedOnceForItsUpstream()
    {
        await using var other = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = await RotatingHost.StartAsync(host =>
        {
            host.Write("policies/services.yaml", Service("orders", $"https://localhost:{host.Server.Port}"));
            host.AddClient("twin").AddOutboundTls("orders");
        });
        await host.WhoAsync();
        Assert.Empty(Differences(host));

        foreach (var client in new[] { "orders", "twin", "orders" })
        {
            await host[client].GetStringAsync(other.Address, Deadline.Token());
            await host[client].GetStringAsync("/", Deadline.Token());
        }

        var line = Assert.Single(Differences(host));
        Assert.Contains($"client 'orders' sends requests to localhost:{other.Port}", line, StringComparison.Ordinal);
        Assert.Contains($"https://localhost:{host.Server.Port}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheClientsOwnBaseAddress_IsNoNewsAtRunTime()
    {
        await using var host = await RotatingHost.StartAsync(host => host.Write("policies/services.yaml", Service("orders", "https://elsewhere.example")));

        await host.WhoAsync();

        // The one of the start.
        Assert.Contains("its BaseAddress is", Assert.Single(Differences(host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceThatNoFileDescribes_IsNotCompared()
    {
        await using var host = await RotatingHost.StartAsync();

        await host.WhoAsync();

        Assert.Empty(Differences(host));
    }

    [Fact]
    public async Task AnAddressWithoutAnAsciiForm_FailsItsOwnRequestsAlone()
    {
        const string Unreachable = "https://ü\u0378.example";
        await using var host = await RotatingHost.StartAsync(host =>
        {
            host.Write("policies/services.yaml", Service("orders", $"https://localhost:{host.Server.Port}"));
            host.Builder.Services.AddHttpClient("twin", client => client.BaseAddress = new Uri(Unreachable)).AddOutboundTls("orders");
        });

        Assert.Contains("client 'twin'", Assert.Single(Differences(host)), StringComparison.Ordinal);
        var plain = await Assert.ThrowsAsync<HttpRequestException>(() =>
            host["orders"].GetStringAsync(new Uri(Unreachable.Replace("https", "http", StringComparison.Ordinal)), Deadline.Token()));
        Assert.Contains(DiagnosticCodes.PlainHttpRefused, plain.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => host["twin"].GetStringAsync("/", Deadline.Token()));
        await host.WhoAsync();
    }

    private static List<string> Differences(RotatingHost host) =>
        [.. host.Log.Warnings.Where(line => line.Contains(DiagnosticCodes.AddressDiffers, StringComparison.Ordinal))];

    private static string Service(string name, string address) => $$"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: Service
        metadata: { name: {{name}} }
        spec: { address: "{{address}}" }

        """;
}
