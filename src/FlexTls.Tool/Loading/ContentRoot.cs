using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace FlexTls;

/// <summary>The program that an appsettings file is of, as far as policies depend on it.</summary>
internal sealed class ContentRoot(string path) : IHostEnvironment
{
    public string ApplicationName { get; set; } = "flextls";

    public string EnvironmentName { get; set; } = Environments.Production;

    public string ContentRootPath { get; set; } = path;

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
