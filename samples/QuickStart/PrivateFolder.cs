namespace QuickStart;

/// <summary>A folder that only its owner may enter (mode 0700), and that is gone in the end.</summary>
internal sealed class PrivateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-quickstart-");

    public string Path => _folder.FullName;

    /// <summary>Writes a file, which ends with a line break as text files do.</summary>
    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text + Environment.NewLine);

    public void Dispose() => _folder.Delete(recursive: true);
}
