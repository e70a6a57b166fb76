namespace FlexTls;

/// <summary>Reads a Service, and the services that an ApiInstance describes inline.</summary>
internal static class ServiceReader
{
    private static readonly string[] Schemes = ["http", "https", "h2"];

    public static UpstreamService? Read(MappingReader resource, ReadingContext context)
    {
        var metadata = Metadata.Read(resource);
        var address = resource.RequiredMapping("spec")?.RequiredScalar("address");
        var uri = Address(address, context);
        return metadata is null || uri is null
            ? null
            : new UpstreamService(metadata.Name, metadata.Namespace, uri, context.FileName, resource.Place.Line);
    }

    /// <summary>
    /// Each key of <c>spec.services</c> defines a Service named <c>&lt;apiInstance&gt;-&lt;key&gt;</c>.
    /// </summary>
    public static IEnumerable<UpstreamService> ReadInline(MappingReader resource, ReadingContext context)
    {
        if (Metadata.Read(resource) is not { } metadata || resource.RequiredMapping("spec") is not { } spec)
        {
            yield break;
        }

        RejectPolicies(spec, context);
        if (spec.Find("services") is not { } node
            || MappingReader.Of(node, spec.PathOf("services"), context) is not { } services)
        {
            yield break;
        }

        foreach (var key in services.Keys)
        {
            var service = services.RequiredMapping(key);
            var name = ResourceName.Checked(
                new PolicyValue($"{metadata.Name}-{key}", services.PlaceOfKey(key)), context.Diagnostics);
            if (Address(service?.RequiredScalar("address"), context) is { } uri && name is not null)
            {
                yield return new UpstreamService(
                    name.Text, metadata.Namespace, uri, context.FileName, services.PlaceOfKey(key).Line);
            }
        }
    }

    private static Uri? Address(PolicyValue? address, ReadingContext context)
    {
        if (address is null)
        {
            return null;
        }

        var isAddress = Uri.TryCreate(address.Text, UriKind.Absolute, out var uri) && Schemes.Contains(uri.Scheme)

                && uri.Host.Length > 0
                && uri.PathAndQuery is "/" or ""
                && uri.UserInfo.Length == 0
                && uri.Fragment.Length == 0;
        if (isAddress && uri!.FindAsciiHost() is not null)
        {
            return uri;
        }

        var fault = address.Text.Contains('@', StringComparison.Ordinal)
            ? "is an address with credentials"
            : $"is {address.Quoted}";
        context.Diagnostics.Error(DiagnosticCodes.BadServiceAddress, address.Place, isAddress
            ? $"{address.Place.Path} {fault}, whose host has no ASCII form (IDNA), so that nobody can connect to it; "
                + "correct the host, or write its ASCII form (xn--…)."
            : $"{address.Place.Path} {fault}; write http://, https:// or h2://, a host and optionally a port.");
        return null;
    }

    private static void RejectPolicies(MappingReader spec, ReadingContext context)
    {
        if (spec.Find("policies") is not { } node || context.Resolve(node) is not { } written
            || written is YamlScalar { IsNull: true })
        {
            return;
        }

        if (written is not YamlSequence policies)
        {
            context.Diagnostics.Error(
                DiagnosticCodes.WrongNode, context.PlaceOf(written, ""), $"{spec.PathOf("policies")} must be a list.");
            return;
        }

        foreach (var policy in policies.Items.Select(context.Resolve).OfType<YamlMapping>())
        {
            var reader = new MappingReader(policy, spec.PathOf("policies"), context);
            if (reader.Find("policyRef") is { } reference && context.Resolve(reference) is YamlMapping named

                    && new MappingReader(named, "policyRef", context).Scalar("name") is { } name
                    && FlexResource.IsNearTlsOutbound(name.Text))
            {
                context.Diagnostics.Error(DiagnosticCodes.PolicyInApiInstance, reader.Place,
                    $"{FlexResource.TlsOutbound} has no effect inside an {FlexResource.ApiInstance}; bind a "
                    + $"{FlexResource.PolicyBinding} to the {FlexResource.Service}.");
            }
        }
    }
}
