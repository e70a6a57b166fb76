// Two clients and one server whose certificate is in no system's trust store. The policy of 'orders' trusts it, so its
// request must be answered; the default policy does not, so that of 'strangers' must be refused. Exit code 0: both came
// out right. Also what build.sh runs against the packed library.
using FlexTls;
using Microsoft.Extensions.DependencyInjection;

using var server = new OneCertificateServer();
var folder = Directory.CreateTempSubdirectory("flextls-aot-");
try
{
    var file = Path.Combine(folder.FullName, "orders.yaml");
    File.WriteAllText(file, $"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: orders-tls
        spec:
          targetRef:
            kind: Service
            name: orders
          policyRef:
            name: tls-outbound
          config:
            minversion: "1.3"
            alpn: [http/1.1]
            trustedCA: |
              {server.CertificatePem.ReplaceLineEndings("\n      ")}
        """);

    var services = new ServiceCollection();
    services.AddOutboundTls(tls => tls.AddPolicyFile(file));
    services.AddHttpClient("orders", client => client.BaseAddress = server.Address).AddOutboundTls();
    services.AddHttpClient("strangers", client => client.BaseAddress = server.Address).AddOutboundTls(OutboundTlsPolicy.Default);
    await using var provider = services.BuildServiceProvider();
    var clients = provider.GetRequiredService<IHttpClientFactory>();

    var answer = await clients.CreateClient("orders").GetStringAsync("/");
    Console.WriteLine($"trusted: {answer}");
    if (answer != "Tls13 http/1.1")
    {
        return 1;
    }

    try
    {
        await clients.CreateClient("strangers").GetStringAsync("/");
        Console.WriteLine("A server that nobody vouches for was accepted.");
        return 1;
    }
    catch (HttpRequestException e) when (e.InnerException is TlsHandshakeException { ServerCertificate.IsValid: false } refusal)
    {
        Console.WriteLine($"not trusted: {refusal.Message}");
        return 0;
    }
}
finally
{
    folder.Delete(recursive: true);
}
