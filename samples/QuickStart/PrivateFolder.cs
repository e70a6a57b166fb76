namespace QuickStart;

/// <summary>A folder that only its owner may enter (mode 0700), and that is gone in the end.</summary>
internal sealed class PrivateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-quickstart-");

    /// <summary>Writes a file, which ends with a line break as text files do, and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text + Environment.NewLine);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
