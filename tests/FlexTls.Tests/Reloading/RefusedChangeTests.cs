using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>What cannot be used leaves in force what was there, and is told once.</summary>
public class RefusedChangeTests
{
    private static readonly Dictionary<string, (string Code, Action<RotatingHost> Change)> Faults = new(StringComparer.Ordinal)
    {
        ["a key of another certificate"] = (DiagnosticCodes.KeyMismatch, host => host.Write("orders.key", RotatingHost.Identity("other").KeyPem())),
        ["a bundle that is cut off"] = (DiagnosticCodes.MalformedPem, host => host.Write("orders.crt", RotatingHost.Identity("second").ExportCertificatePem()[..^12])),
        ["an empty file"] = (DiagnosticCodes.UnreadableReference, host => host.Write("orders.crt", "")),
        ["a weak key"] = (DiagnosticCodes.WeakKey, host => WriteWeak(host)),
        ["a missing file"] = (DiagnosticCodes.UnreadableReference, host => host.Delete("orders.key")),
        ["bad YAML"] = (DiagnosticCodes.YamlSyntax, host => host.Write("policies/orders.yaml", "a: [")),
        ["a binding that is gone"] = (DiagnosticCodes.PolicyGone, host => host.Write("policies/orders.yaml", "# nothing\n")),
        ["a file that is gone"] = (DiagnosticCodes.PolicyGone, host => host.Delete("policies/orders.yaml")),
        ["a second binding in another file"] = (DiagnosticCodes.DuplicateBinding, host => host.Write("policies/second.yaml", PolicyYaml.Binding("orders", "{}"))),
        ["a policy without validation"] = (DiagnosticCodes.DangerousForbidden, host => host.Write("policies/orders.yaml", PolicyYaml.Binding("orders", "skipValidation: true"))),
        ["a policy without HTTP"] = (DiagnosticCodes.NoHttpInAlpn, host => host.WritePolicy("orders", "alpn: [mqtt]")),
        ["a bad drainTimeout"] = (DiagnosticCodes.BadDuration, host => host.WritePolicy("orders", "extensions: { drainTimeout: soon }")),
        ["a misspelled policy"] = (DiagnosticCodes.MisspelledPolicyName, host => host.Write("policies/orders.yaml", RotatingHost.BindingOf("orders").Replace("tls-outbound", "tls-outbuond", StringComparison.Ordinal))),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AFault_LeavesInForceWhatWas_IsToldOnce_AndHeals(string name)
    {
        var (code, change) = Faults[name];
        await using var host = await RotatingHost.StartAsync(configure: tls => tls.ForbidDangerous());
        var start = DateTimeOffset.UtcNow;

        change(host);
        await host.UntilDegradedAsync(code, "orders");

        Assert.InRange(host.Orders.Degradation!.Since, start, DateTimeOffset.UtcNow);
        Assert.Equal((1, "CN=first"), (host.Orders.Generation, await host.NewWhoAsync()));
        Assert.Equal(code, host.Orders.LastError!.Code);
        await host.Manager.ReloadAsync(Deadline.Token());
        Assert.Contains(await host.Manager.ReloadAsync(Deadline.Token()), fault => fault.Code == code && fault.Severity == TlsPolicyDiagnosticSeverity.Error);
        var error = Assert.Single(host.Errors);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains("orders", error, StringComparison.Ordinal);

        host.WriteIdentity("second");
        host.Delete("policies/second.yaml");
        host.WritePolicy("orders");
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.NewWhoAsync());
        Assert.Null(host.Orders.Degradation);
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task AFaultThatIsTakenBack_LeavesTheGenerationAsItWas()
    {
        await using var host = await RotatingHost.StartAsync();
        var (before, policy) = (host.Orders.Settings, File.ReadAllText(host.PathOf("policies/orders.yaml")));
        host.Write("policies/orders.yaml", "a: [");
        await host.UntilDegradedAsync();
        host.Write("policies/orders.yaml", policy);
        await host.UntilGenerationAsync(1);
        Assert.Same(before, host.Orders.Settings);
    }

    [Fact]
    public async Task AFaultThatBecomesAnother_IsToldAgain_AndDegradedSinceTheFirst()
    {
        await using var host = await RotatingHost.StartAsync();
        host.Write("policies/orders.yaml", "a: [");
        await host.UntilDegradedAsync(DiagnosticCodes.YamlSyntax, "orders");
        var since = host.Orders.Degradation!.Since;
        host.WritePolicy("orders", "minversion: '1.4'");
        await host.UntilDegradedAsync(DiagnosticCodes.UnknownVersion, "orders");
        Assert.Equal(since, host.Orders.Degradation!.Since);
        Assert.Equal(2, host.Errors.Count);
    }

    [Fact]
    public async Task AFirstLoadThatIsBad_FailsTheStart()
    {
        var exception = await Assert.ThrowsAsync<TlsPolicyException>(() => RotatingHost.StartAsync(host => host.Write("orders.key", RotatingHost.Identity("other").KeyPem())));
        Assert.Contains(exception.Diagnostics, fault => fault.Code == DiagnosticCodes.KeyMismatch);
    }

    private static void WriteWeak(RotatingHost host)
    {
        var weak = Pki.Root.IssueClient("CN=weak", KeyKind.Rsa1024);
        host.Write("orders.crt", weak.ExportCertificatePem());
        host.Write("orders.key", weak.KeyPem());
    }
}
