using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Resources;

/// <summary>
/// A policy file that is cut off, because it is still being written or was never finished. At the end of a line a
/// shorter file can be a whole policy of its own, which no reader can tell; anywhere else it says that something is
/// missing.
/// </summary>
public sealed class CutOffTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void APolicyFileCutAtEveryByte_NeverLoadsAsAnotherPolicyWithoutADiagnostic()
    {
        var text = $"""
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: {"{"} name: orders {"}"}
            spec:
              targetRef: {"{"} kind: Service, name: orders {"}"}
              policyRef: {"{"} name: tls-outbound {"}"}
              config:
                skipValidation: false
                minversion: "1.3"
                maxversion: "1.3"
                alpn:
                  - http/1.1
                trustedCA: |
            {Pki.Root.Pem.Indented(6)}
                certificate:
                  key: |
            {Pki.Client.KeyPem().Indented(8)}
                  crt: |
            {Pki.Client.ExportCertificatePem().Indented(8)}

            """;
        var whole = Assert.Single(Load(text)!.Bindings).Policy;
        var silent = new List<int>();
        for (var length = 1; length < text.Length; length++)
        {
            if (Load(text[..length]) is { Diagnostics.Count: 0 } set && !set.Bindings.Single().Policy.Equals(whole))
            {
                silent.Add(length);
            }
        }

        Assert.All(silent, length => Assert.Equal('\n', text[length - 1]));

        // After config's first lines, each of which leaves a policy that is whole, until the first PEM block begins.
        Assert.Equal(
            ["skipValidation: false", "minversion: \"1.3\"", "maxversion: \"1.3\"", "- http/1.1", "-----END CERTIFICATE-----"],
            silent.Select(length => text[..length].TrimEnd('\n').Split('\n')[^1].Trim()));
    }

    private TlsPolicySet? Load(string text)
    {
        var file = Path.Combine(_folder.FullName, "orders.yaml");
        File.WriteAllText(file, text);
        try
        {
            return TlsPolicyFile.Load(file);
        }
        catch (TlsPolicyException)
        {
            return null;
        }
    }
}
