using System.Net;
using FlexTls.TestKit;
using FlexTls.Tool;
using Xunit;

namespace FlexTls.Interop;

/// <summary>
/// The policy that <c>flextls probe</c> writes for a server connects, and each that is stricter in one thing does not.
/// </summary>
public sealed class ProbeTests(InteropServers servers) : IDisposable
{
    private const string Mutual = "      requireMutualTls: true\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-test-");

    [Fact(Explicit = true)]
    public async Task ThePolicyForEachServer_Connects_AndNoStricterOneDoes()
    {
        // All together: most of the time is spent between connections.
        var found = await Task.WhenAll(
            from server in AllServers.All
            from port in new[] { ServerPort.Ec, ServerPort.Rsa, ServerPort.ClientRequired, ServerPort.ClientOptional }
            select ProblemWithAsync(server, port));

        Assert.Equal([], found.OfType<string>());
    }

    [Theory(Explicit = true)]
    [InlineData(ServerPort.Expired, "FTLS5004")]
    [InlineData(ServerPort.CommonName, "FTLS5025")]
    public async Task AServerThatNoPolicyAccepts_GetsNone(ServerPort port, string code)
    {
        var file = Path.Combine(_folder.FullName, "policy.yaml");

        var run = await ToolRun.OfAsync("probe", await FindAsync("nginx", port), "--write", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    /// <summary>What is wrong with the policy for a server; <see langword="null"/>: nothing.</summary>
    private async Task<string?> ProblemWithAsync(InteropServer server, ServerPort port)
    {
        var ct = TestContext.Current.CancellationToken;
        var address = await FindAsync(server.Name, port);
        var folder = _folder.CreateSubdirectory($"{server.Name} {port}").FullName;
        var file = Path.Combine(folder, "policy.yaml");
        await File.WriteAllTextAsync(Path.Combine(folder, "client.key"), servers.Pki.Client.Key, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "client.crt"), servers.Pki.Client.Crt, ct);
        var probe = await ToolRun.OfAsync("probe", address);
        if (probe.ExitCode != 0)
        {
            return $"{server}, {port}: {probe.Error}";
        }

        // What a user does who has compared the fingerprint.
        var look = await ServerLook.AtAsync(
            IPAddress.Loopback, ServerAddress.Parse(address), Offers.Of(TlsVersion.Tls12, TlsVersion.Tls13, [], []), ct);
        var confirmed = look.Chain.Single(one =>
            probe.Out.Contains($"# SHA-256 {CertificateText.Fingerprint(one)}", StringComparison.Ordinal));
        if (!probe.Out.Contains("    # This certificate is not trusted yet.", StringComparison.Ordinal))
        {
            return $"{server}, {port}: trusted without a word: {probe.Out}";
        }

        var yaml = probe.Out.Replace(
            "    # This certificate is not trusted yet.",
            $"    trustedCA: |\n{confirmed.ExportCertificatePem().Indented(6)}\n    # It is trusted now.",
            StringComparison.Ordinal);

        if (await ConnectsAsync(address, file, probe.Out))
        {
            return $"{server}, {port}: connects unconfirmed: {probe.Out}";
        }

        if (!await ConnectsAsync(address, file, yaml))
        {
            return $"{server}, {port}: {(await ToolRun.OfAsync("connect", address, "--policy", file)).Out}";
        }

        foreach (var stricter in Stricter(yaml))
        {
            if (await ConnectsAsync(address, file, stricter))
            {
                return $"{server}, {port}: this is stricter: {stricter}";
            }
        }

        return null;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Policies that ask for more in one thing.</summary>
    private static IEnumerable<string> Stricter(string yaml)
    {
        if (!yaml.Contains("minversion: \"1.3\"", StringComparison.Ordinal))
        {
            yield return yaml.Replace("minversion: \"1.2\"", "minversion: \"1.3\"", StringComparison.Ordinal);
            var better = CipherSuiteCatalog.All.Where(suite => suite.Advice > Best(yaml)).Select(suite => suite.Name)
                .ToList();
            if (better.Count > 0)
            {
                var others = yaml.Split('\n').Where(line => !line.StartsWith("      - TLS_", StringComparison.Ordinal));
                yield return string.Join('\n', others).Replace(
                    "    ciphers:\n", $"    ciphers: [{string.Join(", ", better)}]\n", StringComparison.Ordinal);
            }
        }

        if (yaml.Contains("alpn: []", StringComparison.Ordinal))
        {
            yield return yaml.Replace("alpn: []", "alpn: [h2]", StringComparison.Ordinal);
        }

        if (!yaml.Contains(Mutual, StringComparison.Ordinal)
            && !yaml.Contains("#certificate", StringComparison.Ordinal))
        {
            yield return $"{yaml}    certificate:\n      key: file:client.key\n      crt: file:client.crt\n"
                + $"    extensions:\n{Mutual}";
        }
    }

    private static CipherSuiteAdvice Best(string yaml) => CipherSuiteCatalog.All
        .Where(suite => yaml.Contains($"- {suite.Name}\n", StringComparison.Ordinal)).Max(suite => suite.Advice);

    private async Task<string> FindAsync(string serverName, ServerPort port)
    {
        var server = AllServers.All.Single(server => server.Name == serverName);
        InteropServers.Require(server);
        return $"localhost:{(await servers.GetAsync(server)).Port(port)}";
    }

    private static async Task<bool> ConnectsAsync(string address, string file, string yaml)
    {
        await File.WriteAllTextAsync(file, yaml);
        return (await ToolRun.OfAsync("connect", address, "--policy", file)).ExitCode == 0;
    }
}
