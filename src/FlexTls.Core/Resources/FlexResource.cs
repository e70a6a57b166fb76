namespace FlexTls;

/// <summary>The gateway's words for its resources.</summary>
internal static class FlexResource
{
    public const string ApiGroup = "gateway.mulesoft.com/";
    public const string ApiVersion = ApiGroup + "v1alpha1";
    public const string PolicyBinding = "PolicyBinding";
    public const string Service = "Service";
    public const string ApiInstance = "ApiInstance";
    public const string List = "List";
    public const string TlsOutbound = "tls-outbound";

    /// <summary>
    /// The maximum edit distance at which a name counts as a misspelling of one of ours rather than as another name;
    /// letter case does not count.
    /// </summary>
    public const int MostEdits = 2;

    public static bool IsNearTlsOutbound(string policyName) =>
        NearestName.Edits(policyName, TlsOutbound, MostEdits) <= MostEdits;

    /// <summary>
    /// Fields of <c>metadata</c> that Kubernetes writes into exported objects; they do not concern TLS.
    /// </summary>
    public static readonly string[] KubernetesMetadata =
    [
        "labels", "annotations", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields",
        "ownerReferences", "finalizers", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName",
    ];
}
