using FlexTls.Support;
using FlexTls.Watching;

namespace FlexTls.Reloading;

/// <summary>The files of one upstream, with all that is done to them.</summary>
/// <param name="root">Where the folder of the upstream lies.</param>
/// <param name="name">The upstream, and its folder.</param>
/// <param name="isMounted">Whether the folder is one of Kubernetes, in which all files change at once behind <c>..data</c>; otherwise they are written one by one, in place and by renaming in turn.</param>
internal sealed class ChaosFiles(TestFolder root, string name, bool isMounted)
{
    private static readonly string[] Names = ["policy.yaml", "tls.crt", "tls.key", "ca.crt"];

    private readonly Lock _lock = new();
    private Dictionary<string, string?> _present = [];
    private int _version;

    /// <summary>The policy file.</summary>
    public string PolicyPath => Of("policy.yaml");

    /// <summary>A policy that consists of the other files.</summary>
    public string Policy { get; } = PolicyYaml.Binding(name, $"trustedCA: 'file:ca.crt'\ncertificate: {{ key: 'file:tls.key', crt: 'file:tls.crt' }}");

    /// <summary>Makes the files these; one without a text is not there.</summary>
    public void Put(string? policy, string? crt, string? key, string? ca)
    {
        var wanted = Names.Zip([policy, crt, key, ca]).ToDictionary(file => file.First, file => file.Second);
        lock (_lock)
        {
            _version++;
            if (isMounted)
            {
                Mount(wanted);
            }
            else
            {
                foreach (var (file, text) in wanted.Where(file => file.Value != _present.GetValueOrDefault(file.Key)))
                {
                    Write(file, text);
                }
            }

            _present = wanted;
        }
    }

    /// <summary>Something happens to the files, and their content is the same.</summary>
    public void Touch()
    {
        lock (_lock)
        {
            if (isMounted)
            {
                Mount(_present);
                return;
            }

            foreach (var file in Names.Where(file => _present[file] is not null))
            {
                File.SetLastWriteTimeUtc(Of(file), DateTime.UtcNow);
            }
        }
    }

    private string Of(string file) => root.At($"{name}/{file}");

    private void Write(string file, string? text)
    {
        if (text is null)
        {
            File.Delete(Of(file));
        }
        else if (_version % 2 == 0)
        {
            root.Write($"{name}/{file}", text);
        }
        else
        {
            root.Replace($"{name}/{file}", text);
        }
    }

    private void Mount(Dictionary<string, string?> files)
    {
        var (data, old) = ($"..{Guid.NewGuid():N}", new FileInfo(Of("..data")).LinkTarget);
        foreach (var (file, text) in files.Where(file => file.Value is not null))
        {
            root.Write($"{name}/{data}/{file}", text!);
        }

        root.Relink($"{name}/..data", data);
        if (old is null)
        {
            foreach (var file in Names)
            {
                root.Link($"{name}/{file}", $"..data/{file}");
            }
        }
        else
        {
            Directory.Delete(Of(old), recursive: true);
        }
    }
}
