// One call under a policy, in a console program without a host.
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://localhost:8443")).AddOutboundTls();
await using var provider = services.BuildServiceProvider();

var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
try
{
    Console.WriteLine(await client.GetStringAsync("/"));
    return 0;
}
catch (HttpRequestException e)
{
    Console.Error.WriteLine(e.InnerException?.Message ?? e.Message);
    return 1;
}
