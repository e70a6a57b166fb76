namespace FlexTls;

/// <summary>Identifies the Service that a policy is for.</summary>
internal readonly record struct ServiceName(string Namespace, string Name)
{
    public const string DefaultNamespace = "default";

    /// <summary>
    /// Reads <c>orders</c> or <c>payments/orders</c>; <see langword="null"/> where it is neither.
    /// </summary>
    public static ServiceName? TryParse(string text) => LooksLikePath(text) ? null : text.Split('/') switch
    {
        [var service] when ResourceName.IsValid(service) => new ServiceName(DefaultNamespace, service),
        [var @namespace, var service] when ResourceName.IsValid(@namespace) && ResourceName.IsValid(service) =>
            new ServiceName(@namespace, service),
        _ => null,
    };

    /// <summary>Reads a name; <see langword="null"/> after a reported fault.</summary>
    public static ServiceName? Read(string written, Place place, DiagnosticList found)
    {
        if (TryParse(written) is { } name)
        {
            return name;
        }

        found.Error(DiagnosticCodes.NotAServiceName, place,
            $"{place.Path}: {Text.Quote(written)} is not the name of a Service; write orders or payments/orders. "
            + "Policy files are named by AddPolicyFile, or under PolicyFiles.");
        return null;
    }

    private static bool LooksLikePath(string text) =>
        text.StartsWith('.') || text.Contains('\\', StringComparison.Ordinal)
        || text.Contains('*', StringComparison.Ordinal)
        || text.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || text.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
}
