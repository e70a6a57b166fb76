using System.Net.Security;
using System.Reflection;
using System.Text.Json;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Status;

/// <summary>In JSON nobody needs a table of numbers.</summary>
public class JsonTests
{
    private static readonly string[] Numbers =
    [
        "Column", "DrainingConnections", "Failures", "Generation", "Handshakes", "Line", "OpenConnections",
    ];

    public static TheoryData<Type> Enums => new(
        from type in typeof(OutboundTlsStatus).Assembly.GetExportedTypes().Concat(typeof(OutboundTlsContext).Assembly.GetExportedTypes())
        where type.IsEnum
        select type);

    [Theory]
    [MemberData(nameof(Enums))]
    public void AnEnumOfOurs_IsWrittenByItsNames(Type type) => Assert.Equal(
        Enum.GetNames(type), type.GetEnumValues().Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type).GetString()!));

    /// <summary>Those of the platform have no names by themselves.</summary>
    [Fact]
    public void ThePublicTypes_HaveCipherSuitesUnderAConverterOnly()
    {
        var bare =
            from type in typeof(OutboundTlsStatus).Assembly.GetExportedTypes().Concat(typeof(OutboundTlsContext).Assembly.GetExportedTypes())
            from property in type.GetProperties()
            where property.PropertyType == typeof(TlsCipherSuite) || property.PropertyType == typeof(IReadOnlyList<TlsCipherSuite>)
            where property.GetCustomAttribute<System.Text.Json.Serialization.JsonConverterAttribute>() is null
            select $"{type.Name}.{property.Name}";

        Assert.Empty(bare);
    }

    [Fact]
    public async Task TheStatus_HasNumbersOnlyWhereSomethingIsCounted()
    {
        await using var server = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1AndHttp2, Deadline.Token());
        await using var host = WatchedHost.Of(options =>
            (options.TrustedCA, options.MinVersion, options.Ciphers) = (Pki.Root.Pem, TlsVersion.Tls11, Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA")));
        await host.GetAsync(server);
        host.Degrade();
        var status = host.Status;

        using var reflected = JsonDocument.Parse(JsonSerializer.Serialize(status));
        using var generated = JsonDocument.Parse(JsonSerializer.Serialize(status, StatusJson.Default.OutboundTlsStatus));

        Assert.Equal($"{reflected.RootElement}", $"{generated.RootElement}");
        Assert.Equal(Numbers, NamesOfNumbers(reflected.RootElement).Distinct().Order(StringComparer.Ordinal));
        var orders = reflected.RootElement.GetProperty("Upstreams")[0];
        var settings = orders.GetProperty("Settings");
        Assert.Equal("Tls11", settings.GetProperty("MinVersion").GetString());
        Assert.Equal("Tls13", settings.GetProperty("MaxVersion").GetString());
        Assert.Equal(
            ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"],
            settings.GetProperty("CipherSuites").EnumerateArray().Select(suite => suite.GetString()).Order(StringComparer.Ordinal));
        Assert.Equal("Warning", settings.GetProperty("Limitations")[0].GetProperty("Severity").GetString());
        Assert.Equal("Error", orders.GetProperty("Degradation").GetProperty("Diagnostics")[0].GetProperty("Severity").GetString());
    }

    [Fact]
    public void CipherSuites_AreReadAsTheyAreWritten()
    {
        var options = new JsonSerializerOptions { Converters = { new TlsCipherSuiteNamesConverter() } };
        IReadOnlyList<TlsCipherSuite> suites = [TlsCipherSuite.TLS_AES_128_GCM_SHA256, (TlsCipherSuite)0xFFFE];

        var written = JsonSerializer.Serialize(suites, options);
        Assert.Equal(suites, JsonSerializer.Deserialize<IReadOnlyList<TlsCipherSuite>>(written, options));
        Assert.Empty(JsonSerializer.Deserialize<IReadOnlyList<TlsCipherSuite>>("[]", options)!);
        foreach (var wrong in (string[])["{}", "\"TLS_AES_128_GCM_SHA256\"", "[1]", "[\"TLS_NONE\"]", "[null]"])
        {
            Assert.Throws<JsonException>(
                () => JsonSerializer.Deserialize<IReadOnlyList<TlsCipherSuite>>(wrong, options));
        }
    }

    private static IEnumerable<string> NamesOfNumbers(JsonElement element, string name = "") => element.ValueKind switch
    {
        JsonValueKind.Number => [name],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => NamesOfNumbers(property.Value, property.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(entry => NamesOfNumbers(entry, name)),
        _ => [],
    };
}
