using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters;

/// <summary>Services whose policies come from a source or a provider of the test's.</summary>
internal sealed class Provided : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="configure">Says where policies and secrets come from.</param>
    /// <param name="own">Services of the program's own.</param>
    public Provided(Action<OutboundTlsBuilder> configure, params object[] own)
    {
        var services = new ServiceCollection().AddOutboundTls(configure);
        foreach (var one in own)
        {
            services.AddSingleton(one is TimeProvider ? typeof(TimeProvider) : one.GetType(), one);
        }

        _services = services.BuildServiceProvider();
    }

    public IOutboundTlsContextProvider Contexts => _services.GetRequiredService<IOutboundTlsContextProvider>();

    public OutboundTlsStatus Status => Manager.GetStatus();

    private IOutboundTlsManager Manager => _services.GetRequiredService<IOutboundTlsManager>();

    public UpstreamTlsStatus Of(string name) => Status.Upstreams.Single(upstream => upstream.Name == name);

    public Task<IReadOnlyList<TlsPolicyDiagnostic>> ReloadAsync() => Manager.ReloadAsync(Deadline.Token());

    public static string Binding(string service, string config) => $$"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: { name: {{service}}-tls }
        spec:
          targetRef: { kind: Service, name: {{service}} }
          policyRef: { name: tls-outbound }
          config: {{config}}
        """;

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
