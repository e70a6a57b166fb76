using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlexTls.Support;

/// <summary>A real host, whose content root is a folder of its own.</summary>
internal sealed class PolicyHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");
    private IHost? _host;

    public PolicyHost()
    {
        Builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = _folder.FullName });
        Builder.Services.AddSingleton<ILoggerFactory>(Log);
    }

    public HostApplicationBuilder Builder { get; }

    /// <summary>The content root.</summary>
    public string Folder => _folder.FullName;

    public RecordingLogger Log { get; } = new();

    public IServiceProvider Services => (_host ??= Builder.Build()).Services;

    public HttpClient this[string name] => Services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>Writes a file; its path starts at the content root.</summary>
    public void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public Task StartAsync() => (_host ??= Builder.Build()).StartAsync(Deadline.Token());

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
