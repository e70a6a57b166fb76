using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace FlexTls.Interop;

/// <summary>What a run found, cell by cell.</summary>
internal sealed partial class InteropResults
{
    private readonly ConcurrentDictionary<(string Server, string Row), string> _cells = new();

    /// <summary>Runs the test of a cell, and keeps how it ended.</summary>
    public async Task RecordAsync(InteropServer server, Row row, Func<Task> test)
    {
        try
        {
            await test();
            _cells[(server.Name, row.Name)] = InteropPage.Expected(server, row);
        }
        catch (Exception e)
        {
            _cells[(server.Name, row.Name)] = $"failed: {e.Message.ReplaceLineEndings(" ").Replace("|", @"\|", StringComparison.Ordinal)}";
            throw;
        }
    }

    /// <summary>Writes the page where the variable says.</summary>
    public async Task WriteAsync(CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable(InteropPage.Variable) is not { Length: > 0 } path)
        {
            return;
        }

        var versions = new Dictionary<InteropServer, string>();
        foreach (var server in AllServers.All)
        {
            versions[server] = await VersionAsync(server, ct);
        }

        var page = InteropPage.Render((server, row) => _cells.GetValueOrDefault((server.Name, row.Name), "not run"), server => versions[server]);
        await File.WriteAllTextAsync(path, page, ct);
    }

    /// <summary>The first line with a version, and the one that says which library is in use.</summary>
    private static async Task<string> VersionAsync(InteropServer server, CancellationToken ct)
    {
        var lines = new List<string>();
        foreach (var command in server.Versions)
        {
            var output = ServerProcess.Find(command.Program) is null ? [] : (await ServerProcess.OutputAsync(command, ct)).Split('\n');
            lines.AddRange(output.Where(line => Number().IsMatch(line)).Take(1));
            lines.AddRange(output.Where(line => line.Contains("unning", StringComparison.Ordinal) && line.Contains(server.Library, StringComparison.Ordinal)).Take(1));
        }

        return lines.Count == 0 ? "not installed" : string.Join("; ", lines.Distinct().Select(line => Spaces().Replace(line, " ").Trim()));
    }

    [GeneratedRegex(@"\d\.\d")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
