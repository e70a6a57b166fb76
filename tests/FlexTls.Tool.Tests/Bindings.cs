namespace FlexTls.Tool;

/// <summary>Policy files of one binding.</summary>
internal static class Bindings
{
    /// <summary>
    /// The file of a policy; each line of <paramref name="config"/> after the first has its own indentation.
    /// </summary>
    public static string Of(string config, string service = "orders") => $"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: {service}-tls
        spec:
          targetRef:
            kind: Service
            name: {service}
          policyRef:
            name: tls-outbound
          config:
            {config}

        """;
}
