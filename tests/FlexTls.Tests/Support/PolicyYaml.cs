using FlexTls.TestKit;

namespace FlexTls.Support;

/// <summary>Policy files as text.</summary>
internal static class PolicyYaml
{
    /// <summary>A <c>config</c> that trusts <see cref="Pki.Root"/>.</summary>
    public static string Trusting { get; } = $"trustedCA: |\n{Pki.Root.Pem.Indented(2)}\n";

    /// <summary>The binding of a Service.</summary>
    /// <param name="service">The Service: <c>orders</c> or <c>payments/orders</c>.</param>
    /// <param name="config">The lines of its <c>config</c>.</param>
    public static string Binding(string service, string config)
    {
        var (space, name) = service.Split('/') is [var written, var rest] ? (written, rest) : ("default", service);
        return $"""
            ---
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: {"{"} name: {name}-tls, namespace: {space} {"}"}
            spec:
              targetRef: {"{"} kind: Service, name: {name} {"}"}
              policyRef: {"{"} name: tls-outbound {"}"}
              config:
            {config.TrimEnd('\n').Indented(4)}

            """;
    }
}
