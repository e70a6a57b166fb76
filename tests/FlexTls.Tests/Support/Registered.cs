using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Support;

/// <summary>Short ways to ask what becomes of registered policies.</summary>
internal static class Registered
{
    /// <summary>All faults of services that cannot be used.</summary>
    public static async Task<IReadOnlyList<TlsPolicyDiagnostic>> FaultsAsync(Action<IServiceCollection> configure)
    {
        await using var clients = ClientHost.Create(configure);
        var contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();
        return Assert.Throws<TlsPolicyException>(() => contexts.TryGetContext("orders", out _)).Diagnostics;
    }

    /// <summary>The one fault of services that cannot be used.</summary>
    public static async Task<TlsPolicyDiagnostic> FaultAsync(Action<IServiceCollection> configure) =>
        Assert.Single(await FaultsAsync(configure), diagnostic => diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error);

    /// <summary>The policy that an upstream named orders gets.</summary>
    public static async Task<OutboundTlsPolicy> PolicyAsync(Action<IServiceCollection> configure)
    {
        await using var clients = ClientHost.Create(configure);
        return clients.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders").Policy;
    }

    public static IConfigurationRoot Json(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    public static IConfigurationRoot Json(object value) => Json(JsonSerializer.Serialize(value));

    /// <summary>The section of a configuration whose one upstream is orders.</summary>
    public static IConfigurationSection Orders(object config) =>
        Json(new { OutboundTls = new { Upstreams = new { orders = config } } }).GetSection("OutboundTls");

    /// <summary>The same, of JSON text.</summary>
    public static IConfigurationSection Orders(string config) =>
        Json($$"""{ "OutboundTls": { "Upstreams": { "orders": {{config}} } } }""").GetSection("OutboundTls");

    public static IConfigurationSection InMemory(params (string Key, string? Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"OutboundTls:{value.Key}", value.Value))).Build().GetSection("OutboundTls");
}
