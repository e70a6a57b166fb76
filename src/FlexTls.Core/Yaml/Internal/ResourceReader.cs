using FlexTls.Diagnostics;

namespace FlexTls.Yaml;

/// <summary>Reads the resources of one text: decides by <c>apiVersion</c> and <c>kind</c> which reader takes which.</summary>
internal sealed class ResourceReader(ReadingContext context, PolicySetBuilder builder)
{
    private static readonly string[] Kinds = [FlexResource.PolicyBinding, FlexResource.Service, FlexResource.ApiInstance];

    public void Read(YamlNode root)
    {
        // An empty document, such as the one after a closing '---'.
        if (root is YamlScalar { IsNull: true })
        {
            return;
        }

        if (root is not YamlMapping mapping)
        {
            context.Diagnostics.Error(DiagnosticCodes.WrongNode, context.PlaceOf(root, ""), "a document must be a resource with apiVersion, kind, metadata and spec.");
            return;
        }

        var (apiVersion, kind) = (Peek(mapping, "apiVersion"), Peek(mapping, "kind"));
        if (apiVersion is null || kind is null)
        {
            context.Diagnostics.Error(DiagnosticCodes.MissingKey, context.PlaceOf(root, ""),
                $"{(apiVersion is null ? "apiVersion" : "kind")} is missing; a resource needs apiVersion ({FlexResource.ApiVersion}) and kind.");
        }
        else if (kind.Text == FlexResource.List)
        {
            ReadList(mapping);
        }
        else if (string.Equals(kind.Text, FlexResource.List, StringComparison.OrdinalIgnoreCase))
        {
            context.Diagnostics.Error(DiagnosticCodes.MisspelledKind, context.PlaceOf(kind, "kind"), $"kind is {Text.Quote(kind.Text)}; write {FlexResource.List}.");
        }
        else if (apiVersion.Text == FlexResource.ApiVersion)
        {
            ReadOwn(mapping, kind);
        }
        else
        {
            ReadForeign(mapping, apiVersion, kind);
        }
    }

    private void ReadList(YamlMapping mapping)
    {
        if (Child(mapping, "items") is not YamlSequence items)
        {
            context.Diagnostics.Error(DiagnosticCodes.MissingKey, context.PlaceOf(mapping, ""), "a List needs items, a list of resources.");
            return;
        }

        foreach (var item in items.Items)
        {
            if (context.Resolve(item) is { } resource)
            {
                Read(resource);
            }
        }
    }

    private void ReadOwn(YamlMapping mapping, YamlScalar kind)
    {
        switch (kind.Text)
        {
            case FlexResource.PolicyBinding:
                ReadBinding(mapping);
                break;
            case FlexResource.Service when ServiceReader.Read(Resource(mapping), context) is { } service:
                builder.Add(service);
                break;
            case FlexResource.Service:
                break;
            case FlexResource.ApiInstance:
                foreach (var inline in ServiceReader.ReadInline(Resource(mapping), context))
                {
                    builder.Add(inline);
                }

                break;
            default:
                ReadOther(mapping, kind);
                break;
        }
    }

    private void ReadBinding(YamlMapping mapping)
    {
        var policy = PolicyNameOf(mapping);
        if (policy is not null && NearestName.Edits(policy.Text, FlexResource.TlsOutbound, FlexResource.MostEdits) > FlexResource.MostEdits)
        {
            context.Diagnostics.Information(DiagnosticCodes.SkippedDocument, context.PlaceOf(mapping, ""), $"a binding of the policy {Text.Quote(policy.Text)}, skipped.");
            return;
        }

        // One with a misspelled name is meant for us too, and its other faults are worth knowing in the same go.
        var binding = BindingReader.Read(Resource(mapping), context);
        if (policy is not null && policy.Text != FlexResource.TlsOutbound)
        {
            context.Diagnostics.Error(DiagnosticCodes.MisspelledPolicyName, context.PlaceOf(policy, ""),
                $"spec.policyRef.name is {Text.Quote(policy.Text)}; write {FlexResource.TlsOutbound}.");
        }
        else if (binding is not null)
        {
            builder.Add(binding);
        }
    }

    private MappingReader Resource(YamlMapping mapping)
    {
        var resource = new MappingReader(mapping, "", context);
        resource.Ignore("apiVersion", "kind");
        return resource;
    }

    private void ReadOther(YamlMapping mapping, YamlScalar kind)
    {
        if (NearestName.Find(kind.Text, Kinds, FlexResource.MostEdits) is { } meant)
        {
            context.Diagnostics.Error(DiagnosticCodes.MisspelledKind, context.PlaceOf(kind, "kind"), $"kind is {Text.Quote(kind.Text)}; write {meant}.");
            return;
        }

        Skip(mapping, kind);
    }

    /// <summary>Other people's resources; but our policy under a misspelled or another version of our API is not one of them.</summary>
    private void ReadForeign(YamlMapping mapping, YamlScalar apiVersion, YamlScalar kind)
    {
        var isNear = NearestName.Edits(apiVersion.Text, FlexResource.ApiVersion, FlexResource.MostEdits) <= FlexResource.MostEdits;
        var isOtherVersion = apiVersion.Text.StartsWith(FlexResource.ApiGroup, StringComparison.OrdinalIgnoreCase)
            && PolicyNameOf(mapping)?.Text == FlexResource.TlsOutbound;
        if (isNear || isOtherVersion)
        {
            context.Diagnostics.Error(DiagnosticCodes.OtherApiVersion, context.PlaceOf(apiVersion, "apiVersion"),
                $"apiVersion is {Text.Quote(apiVersion.Text)}; write {FlexResource.ApiVersion}.");
            return;
        }

        Skip(mapping, kind);
    }

    private void Skip(YamlMapping mapping, YamlScalar kind) =>
        context.Diagnostics.Information(DiagnosticCodes.SkippedDocument, context.PlaceOf(mapping, ""), $"a resource of kind {Text.Quote(kind.Text)}, skipped.");

    // These look at a resource before it is known whether it is ours, so they report nothing.
    private static YamlScalar? PolicyNameOf(YamlMapping mapping) =>
        Child(mapping, "spec") is YamlMapping spec && Child(spec, "policyRef") is YamlMapping policyRef ? Peek(policyRef, "name") : null;

    private static YamlNode? Child(YamlMapping mapping, string key) =>
        mapping.Entries
            .Where(entry => entry.Key is YamlScalar scalar && string.Equals(scalar.Text, key, StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry.Value is YamlAlias alias ? alias.Target : entry.Value)
            .FirstOrDefault();

    private static YamlScalar? Peek(YamlMapping mapping, string key) =>
        Child(mapping, key) is YamlScalar { IsNull: false } scalar && scalar.Text.Length > 0 ? scalar : null;
}
