namespace QuickStart;

/// <summary>A policy file with the faults that people make, and the codes of the diagnostics that it must bring.</summary>
internal static class BrokenPolicy
{
    public const string Text =
        """
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: orders-tls
        spec:
          targetRef:
            name: orders
          policyRef:
            name: tls-outbound
          config:
            minversion: "1.4"
            maxverson: "1.3"
            alpn: [H2, http/1.1]
            trustedCA:
            ciphers:
              - ECDHE-RSA-AES128-GCM-SHA256
              - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA265
        ---
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: billing-tls
        spec:
          targetRef:
            kind: Service
            name: billing
          policyRef:
            name: tls-outbuond
          config:
            skipValidation: yes
        """;

    /// <summary>In file order.</summary>
    public static IReadOnlyList<string> Announced { get; } =
    [
        "FTLS1012", // targetRef without kind
        "FTLS2007", // a TLS version that does not exist
        "FTLS1003", // a misspelled key
        "FTLS2022", // a protocol in another letter case
        "FTLS1007", // a key without a value
        "FTLS2012", // OpenSSL's name of a suite
        "FTLS2011", // a misspelled suite
        "FTLS1010", // a misspelled policy
        "FTLS1008", // YAML 1.1's word for true
    ];
}
