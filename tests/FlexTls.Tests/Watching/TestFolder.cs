using System.Diagnostics;

namespace FlexTls.Watching;

/// <summary>A folder of a test, with real files and links.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public string Root => _folder.FullName;

    public string At(string name) => Path.Combine(Root, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    /// <summary>Writes it elsewhere and puts it in its place at once.</summary>
    public void Replace(string name, string text)
    {
        Write(name + ".new", text);
        File.Move(At(name + ".new"), At(name), overwrite: true);
    }

    public void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.CreateSymbolicLink(At(name), target);
    }

    /// <summary>Puts a link in the place of another at once.</summary>
    public void Relink(string name, string target)
    {
        Link(name + ".new", target);
        using var move = Process.Start("mv", ["-T", At(name + ".new"), At(name)]);
        move.WaitForExit();
    }

    /// <summary>A folder as Kubernetes mounts a secret: links behind a link.</summary>
    public void Mount(string folder, string version, string name, string text)
    {
        Write($"{folder}/..{version}/{name}", text);
        Link($"{folder}/..data", $"..{version}");
        Link($"{folder}/{name}", $"..data/{name}");
    }

    public TestItem FileItem(string name) => new(name, new WatchedPath(At(name), WatchedScope.File), () => Text(name));

    public TestItem Listing(string name, WatchedScope scope = WatchedScope.Folder) => new(name + "/", new WatchedPath(At(name), scope), () => Names(name, scope));

    public void Dispose()
    {
        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }
    }

    private string Text(string name)
    {
        try
        {
            return File.ReadAllText(At(name));
        }
        catch (IOException)
        {
            return "none";
        }
    }

    private string Names(string name, WatchedScope scope)
    {
        try
        {
            var files = Directory.EnumerateFiles(At(name), "*", scope == WatchedScope.Tree ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly);
            return string.Join(' ', files.Select(file => Path.GetRelativePath(At(name), file)).Order(StringComparer.Ordinal));
        }
        catch (IOException)
        {
            return "none";
        }
    }
}
