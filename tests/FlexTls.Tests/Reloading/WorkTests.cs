using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>A reload costs what has changed, and not what there is.</summary>
public class WorkTests
{
    private const int Upstreams = 200;

    [Fact]
    public async Task AChangeOfOneUpstreamOfMany_ReadsOneFile_AndMakesOneGeneration()
    {
        await using var host = await StartAsync(Enumerable.Range(0, Upstreams).Select(i => ($"policies/{i}.yaml", Binding(i))));

        Assert.Equal((1, 1), await ChangeOneAsync(host));
    }

    [Fact]
    public async Task AChangeOfOneUpstreamOfManyInOneFile_MakesOneGeneration()
    {
        await using var host = await StartAsync([("policies/all.yaml", string.Concat(Enumerable.Range(0, Upstreams).Select(Binding)))]);

        Assert.Equal((1, 1), await ChangeOneAsync(host));
    }

    [Fact]
    public async Task ReloadAsync_ReadsEverything_AndMakesOneGeneration()
    {
        await using var host = await StartAsync(Enumerable.Range(0, Upstreams).Select(i => ($"policies/{i}.yaml", Binding(i))), isWatched: false);
        host.Write("17.crt", Pki.Foreign.Pem);
        var before = Reloader(host).Work;

        await host.Services.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());

        Assert.Equal((Upstreams, 1), WorkSince(before, host));
        Assert.Equal(2, Changed(host).Generation);
    }

    private static string Binding(int i) => PolicyYaml.Binding($"upstream-{i}", $"trustedCA: 'file:../{i}.crt'");

    private static async Task<PolicyHost> StartAsync(IEnumerable<(string Path, string Text)> files, bool isWatched = true)
    {
        var host = new PolicyHost();
        for (var i = 0; i < Upstreams; i++)
        {
            host.Write($"{i}.crt", Pki.Root.Pem);
        }

        foreach (var (path, text) in files)
        {
            host.Write(path, text);
        }

        host.Builder.Services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile("policies");
            tls.ReloadOnChange = isWatched;
        });
        await host.StartAsync();
        return host;
    }

    private static async Task<(int SourcesRead, int GenerationsMade)> ChangeOneAsync(PolicyHost host)
    {
        var before = Reloader(host).Work;

        // Renamed, so that nobody ever sees half of it.
        host.Write("new", Pki.Foreign.Pem);
        File.Move(Path.Combine(host.Folder, "new"), Path.Combine(host.Folder, "17.crt"), overwrite: true);
        await host.Log.UntilAsync(() => Changed(host).Generation == 2, Deadline.Token());
        return WorkSince(before, host);
    }

    private static (int SourcesRead, int GenerationsMade) WorkSince(
        (int SourcesRead, int GenerationsMade) before, PolicyHost host)
    {
        var now = Reloader(host).Work;
        return (now.SourcesRead - before.SourcesRead, now.GenerationsMade - before.GenerationsMade);
    }

    private static UpstreamTlsStatus Changed(PolicyHost host) =>
        host.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single(upstream => upstream.Name == "upstream-17");

    private static Reloader Reloader(PolicyHost host) => host.Services.GetRequiredService<UpstreamRegistry>().Reloader;
}
