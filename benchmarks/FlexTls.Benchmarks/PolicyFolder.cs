using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>Upstreams in policy files, each with a client certificate in two files of its own. One of them changes.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PolicyFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-benchmark-");
    private readonly TestCA _clients = TestCA.Root("CN=Clients");
    private readonly string _changing;
    private X509Certificate2 _next;

    /// <param name="count">How many upstreams: <c>upstream-0</c> and so on.</param>
    /// <param name="trustedCA">What they trust.</param>
    /// <param name="inOneFile">Whether all policies are in one file; otherwise each has its own.</param>
    public PolicyFolder(int count, string trustedCA, bool inOneFile)
    {
        _changing = $"upstream-{count / 2}";
        File.WriteAllText(At("ca.crt"), trustedCA);
        var names = Enumerable.Range(0, count).Select(i => $"upstream-{i}").ToList();
        foreach (var name in names)
        {
            using var identity = Issue();
            Write(name, identity);
        }

        foreach (var (file, text) in inOneFile ? [("all", string.Concat(names.Select(Binding)))] : names.Select(name => (name, Binding(name))))
        {
            File.WriteAllText(At($"{file}.yaml"), text);
        }

        _next = Issue();
    }

    /// <summary>The upstream that changes.</summary>
    public string Changing => _changing;

    public string Path => _folder.FullName;

    /// <summary>Gives an upstream a new client certificate. It was made before: that is nobody's cost.</summary>
    /// <returns>Its serial number.</returns>
    public string Change()
    {
        Write(_changing, _next);
        var serial = _next.SerialNumber;
        _next.Dispose();
        _next = Issue();
        return serial;
    }

    public void Dispose()
    {
        _next.Dispose();
        _clients.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Binding(string name) =>
        $"""
        ---
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: {"{"} name: {name} {"}"}
        spec:
          targetRef: {"{"} kind: Service, name: {name} {"}"}
          policyRef: {"{"} name: tls-outbound {"}"}
          config:
            trustedCA: 'file:ca.crt'
            certificate: {"{"} key: 'file:{name}.key', crt: 'file:{name}.crt' {"}"}

        """;

    private string At(string file) => System.IO.Path.Combine(_folder.FullName, file);

    private X509Certificate2 Issue() => _clients.IssueClient();

    private void Write(string name, X509Certificate2 identity)
    {
        File.WriteAllText(At($"{name}.crt"), identity.ExportCertificatePem());
        File.WriteAllText(At($"{name}.key"), identity.KeyPem());
    }
}
