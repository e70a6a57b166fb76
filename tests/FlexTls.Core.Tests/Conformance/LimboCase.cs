using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace FlexTls.Conformance;

/// <summary>A case of the public suite C2SP/x509-limbo, as far as it is about servers without revocation.</summary>
internal sealed record LimboCase(string Id, bool IsGood, bool HasConflicts, JsonElement Json)
{
    // No name at all, another name.
    private static readonly string[] Names = ["FTLS5020", "FTLS5021"];

    public static IReadOnlyList<LimboCase> ReadAll(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return
        [
            .. from json in document.RootElement.GetProperty("testcases").EnumerateArray()
               where json.GetProperty("validation_kind").GetString() == "SERVER"
                   && json.GetProperty("crls").GetArrayLength() == 0
                   && json.GetProperty("max_chain_depth").ValueKind == JsonValueKind.Null
               select new LimboCase(
                   json.GetProperty("id").GetString()!,
                   json.GetProperty("expected_result").GetString() == "SUCCESS",
                   json.GetProperty("conflicts_with").GetArrayLength() > 0,
                   json.Clone()),
        ];
    }

    /// <summary>The codes of our verdict; empty: accepted.</summary>
    public IReadOnlyList<string> Judge()
    {
        var anchors = string.Join('\n', Texts("trusted_certs"));
        var host = Json.GetProperty("expected_peer_name");
        var time = Json.GetProperty("validation_time");
        var clock = time.ValueKind == JsonValueKind.Null ? TimeProvider.System : new FakeTimeProvider(time.GetDateTimeOffset());
        if (!OutboundTlsPolicy.TryCreate(new OutboundTlsOptions { TrustedCA = anchors }, out var policy, out var diagnostics))
        {
            return [.. diagnostics.Select(diagnostic => diagnostic.Code)];
        }

        var context = new TlsContextFactory(clock).Create(policy);
        X509Certificate2 server;
        try
        {
            server = X509Certificate2.CreateFromPem(Json.GetProperty("peer_certificate").GetString());
        }
        catch (CryptographicException)
        {
            return ["not a certificate"];
        }

        // A case without a name is about the chain alone.
        var asksForName = host.ValueKind != JsonValueKind.Null;
        var name = asksForName ? host.GetProperty("value").GetString()! : "unnamed.example";
        var verdict = context.ValidateServerCertificate(server, [.. Texts("untrusted_intermediates").Select(pem => X509Certificate2.CreateFromPem(pem))], name);
        return [.. verdict.Failures.Select(failure => failure.Code).Where(code => asksForName || !Names.Contains(code))];
    }

    private IEnumerable<string> Texts(string property) => Json.GetProperty(property).EnumerateArray().Select(pem => pem.GetString()!);
}
