using FlexTls.TestKit;

namespace FlexTls.GatewayComparison;

/// <summary>The files of all contenders: CAs, the upstream's certificate, and the client certificate that is renewed.</summary>
internal sealed class Site : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-comparison-");
    private readonly TestCA _servers = TestCA.Root("CN=Servers");
    private readonly TestCA _clients = TestCA.Root("CN=Clients");
    private int _issued;

    public Site()
    {
        using var server = _servers.IssueServer("localhost");
        Write("server-ca.crt", _servers.Pem);
        Write("client-ca.crt", _clients.Pem);
        Write("server.pem", server.KeyPem() + '\n' + server.ExportCertificatePem());
        Renew();
    }

    public string Folder => _folder.FullName;

    /// <summary>The address of the upstream.</summary>
    public Uri Upstream { get; set; } = new("https://localhost/");

    /// <summary>The subject of the client certificate in the files.</summary>
    public string Client => $"CN=client {_issued}";

    /// <summary>Replaces the client certificate and its key, which are one file.</summary>
    public void Renew()
    {
        _issued++;
        using var client = _clients.IssueClient(Client);
        Replace("client.pem", client.KeyPem() + '\n' + client.ExportCertificatePem());
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text + '\n');
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _servers.Dispose();
        _clients.Dispose();
    }

    private void Replace(string name, string text)
    {
        Write(name + ".new", text);
        File.Move(PathOf(name + ".new"), PathOf(name), overwrite: true);
    }
}
