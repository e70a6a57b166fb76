using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using NJsonSchema;
using Xunit;

namespace FlexTls.Pages;

/// <summary>docs/schema/outbound-tls-status.schema.json describes exactly what is written.</summary>
public class SchemaTests
{
    private const string Path = "docs/schema/outbound-tls-status.schema.json";

    private static readonly NullabilityInfoContext Nullability = new();

    private static JsonObject Definitions => (JsonObject)JsonNode.Parse(RepositoryFiles.Read(Path))!["definitions"]!;

    public static TheoryData<Type> Types => new(
        typeof(OutboundTlsStatus), typeof(UpstreamTlsStatus), typeof(UpstreamTlsDegradation), typeof(UpstreamTlsWait),
        typeof(UpstreamTlsWeakening), typeof(UpstreamTlsUser), typeof(UpstreamTlsError), typeof(UpstreamTlsFailure),
        typeof(UpstreamTlsMinute), typeof(TlsHandshakeSummary),
        typeof(CertificateExpiry), typeof(CertificateSummary), typeof(EffectiveTlsSettings),
        typeof(TlsPolicyDiagnostic));

    public static TheoryData<Type> Enums => new(
        typeof(UpstreamTlsKind), typeof(UpstreamTlsState), typeof(TlsCertificateRole), typeof(TlsVersion),
        typeof(TlsPolicyDiagnosticSeverity));

    [Fact]
    public void TheSchema_DescribesTheseTypesOnly() => Assert.Equal(
        Types.Concat(Enums).Select(row => row.Data.Name).Append("UnusablePolicies").Append("CipherSuite")
            .Order(StringComparer.Ordinal),
        Definitions.Select(definition => definition.Key).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Types))]
    public void AType_HasItsPropertiesInTheSchema_AllRequired(Type type)
    {
        var schema = Definitions[type.Name]!;
        var written = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(
            property => JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            property => Nullability.Create(property).ReadState == NullabilityState.Nullable);
        var described = ((JsonObject)schema["properties"]!).ToDictionary(
            property => property.Key, property => AllowsNull(property.Value!));

        Assert.Equal(
            written.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            described.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(
            described.Keys.Order(StringComparer.Ordinal),
            schema["required"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Enums))]
    public void AnEnum_HasItsNamesInTheSchema(Type type) => Assert.Equal(
        Enum.GetNames(type).Order(StringComparer.Ordinal),
        Definitions[type.Name]!["enum"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal));

    [Fact]
    public async Task AStatusWithEverything_IsValid()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var foreign = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.Foreign.IssueServer("localhost")), Deadline.Token());
        using var files = new PolicyFiles();
        files.Write("orders");
        await using var host = await PageHost.StartAsync(Watched.Options(files, TimeSpan.FromHours(1)) with
        {
            Services = services => services.AddHttpClient("orders").AddOutboundTls(),
        });
        Assert.Equal(HttpStatusCode.OK, await host.CallAsync("orders", server));
        Assert.Null(await host.CallAsync("orders", foreign));
        files.Write("orders", config: "minversion: \"9\"");
        await host.Manager.ReloadAsync(Deadline.Token());

        var json = await host.JsonAsync();
        var schema = await JsonSchema.FromJsonAsync(RepositoryFiles.Read(Path), Deadline.Token());

        Assert.Empty(schema.Validate(json));
        Assert.NotEmpty(schema.Validate(json.Replace("\"Degraded\"", "\"Broken\"", StringComparison.Ordinal)));
        Assert.NotEmpty(
            schema.Validate(json.Replace("\"generation\":1", "\"generation\":null", StringComparison.Ordinal)));
    }

    private static bool AllowsNull(JsonNode schema) => schema switch
    {
        _ when schema["type"] is JsonArray types => types.Any(type => (string)type! == "null"),
        _ when schema["anyOf"] is JsonArray choices => choices.Any(choice => (string?)choice!["type"] == "null"),
        _ => false,
    };
}
