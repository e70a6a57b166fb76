namespace FlexTls;

/// <summary>Reads a PolicyBinding of our policy; a binding that names no policy is a fault.</summary>
internal static class BindingReader
{
    /// <summary>The binding; <see langword="null"/> after a reported fault.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="context">The context that all readers of the text share.</param>
    /// <param name="target">
    /// The Service that the policy is for, even if the binding has other faults; <see langword="null"/>: unknown.
    /// </param>
    public static TlsPolicyBinding? Read(MappingReader resource, ReadingContext context, out ServiceName? target)
    {
        target = null;
        var metadata = Metadata.Read(resource);
        var spec = resource.RequiredMapping("spec");
        resource.Ignore("status");
        resource.RejectOthers();
        if (spec is null)
        {
            return null;
        }

        var isOurs = IsOurs(spec, context);
        target = Target(spec, metadata, context);
        WarnAboutOrder(spec, context);
        var document = spec.RequiredMapping("config") is { } config
            ? PolicyDocumentReader.Read(config, context.Files, context.Diagnostics)
            : null;
        spec.RejectOthers();

        // Judged despite faults above, so that one run finds all faults.
        var policy = document is null ? null : OutboundTlsPolicy.Parse(document, context.Diagnostics);
        return !isOurs || metadata is null || target is null || policy is null ? null
            : new TlsPolicyBinding(
                metadata.Name, metadata.Namespace, target.Value.Name, target.Value.Namespace, policy, context.FileName,
                resource.Place.Line);
    }

    /// <summary>
    /// Whether the binding is one of our policy. Even with a misspelled policy name, its other faults are worth
    /// reporting.
    /// </summary>
    private static bool IsOurs(MappingReader spec, ReadingContext context)
    {
        var policyRef = spec.RequiredMapping("policyRef");
        var name = policyRef?.RequiredScalar("name");
        policyRef?.Ignore("namespace", "kind");
        policyRef?.RejectOthers();
        if (name is not null && name.Text != FlexResource.TlsOutbound)
        {
            context.Diagnostics.Error(
                DiagnosticCodes.MisspelledPolicyName, name.Place,
                $"{name.Place.Path} is {name.Quoted}; write {FlexResource.TlsOutbound}.");
        }

        return name?.Text == FlexResource.TlsOutbound;
    }

    private static ServiceName? Target(MappingReader spec, Metadata? metadata, ReadingContext context)
    {
        if (spec.RequiredMapping("targetRef") is not { } target)
        {
            return null;
        }

        var kind = target.Scalar("kind");
        if (kind is null || kind.Text.Length == 0)
        {
            context.Diagnostics.Error(DiagnosticCodes.MissingTargetKind, kind?.Place ?? target.Place,
                "spec.targetRef.kind is missing, which means ApiInstance, where outbound TLS has no effect; write "
                + "'kind: Service'.");
        }
        else if (kind.Text != FlexResource.Service)
        {
            context.Diagnostics.Error(DiagnosticCodes.WrongTargetKind, kind.Place,
                $"{kind.Place.Path} is {kind.Quoted}; outbound TLS is bound to a Service; write 'kind: Service' and "
                + "its name.");
        }

        var name = target.RequiredName("name");
        var @namespace = target.Has("namespace") ? Metadata.NamespaceOf(target) : metadata?.Namespace;
        target.RejectOthers();
        return name is null || @namespace is null ? null : new ServiceName(@namespace, name.Text);
    }

    private static void WarnAboutOrder(MappingReader spec, ReadingContext context)
    {
        foreach (var key in new[] { "order", "rules" })
        {
            if (spec.Find(key) is not null)
            {
                context.Diagnostics.Warning(
                    DiagnosticCodes.OrderOrRules, spec.PlaceOfKey(key),
                    $"{spec.PathOf(key)} is ignored: TLS policies have no order and no rules.");
            }
        }
    }
}
