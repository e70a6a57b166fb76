namespace FlexTls;

/// <summary>
/// Reads the resources of one text: <c>apiVersion</c> and <c>kind</c> decide which reader takes each.
/// </summary>
internal sealed class ResourceReader(ReadingContext context, FoundResources found)
{
    private static readonly string[] Kinds =
        [FlexResource.PolicyBinding, FlexResource.Service, FlexResource.ApiInstance];
    private PolicyPeek _peek = new();

    public void Read(YamlNode root)
    {
        // Aliases never lead into another document.
        _peek = new PolicyPeek();
        Read(root, isInList: false);
    }

    private void Read(YamlNode root, bool isInList)
    {
        // An empty document, such as the one after a closing '---'.
        if (root is YamlScalar { IsNull: true })
        {
            return;
        }

        if (root is not YamlMapping mapping)
        {
            context.Diagnostics.Error(DiagnosticCodes.WrongNode, context.PlaceOf(root, ""),
                "a document must be a resource with apiVersion, kind, metadata and spec"
                + (root is YamlScalar text && text.Text.Contains("-----BEGIN ", StringComparison.Ordinal)
                    ? "; this is PEM text, so name only the policy files, as in policies/*.yaml." : "."));
            return;
        }

        if (ResourcePeek.IsAmbiguous(mapping, "apiVersion") || ResourcePeek.IsAmbiguous(mapping, "kind"))
        {
            // Reports the repeated keys; the resource itself cannot be identified.
            _ = new MappingReader(mapping, "", context);
            return;
        }

        var (apiVersion, kind) = (ResourcePeek.Scalar(mapping, "apiVersion"), ResourcePeek.Scalar(mapping, "kind"));
        if (apiVersion is null || kind is null)
        {
            context.Diagnostics.Error(DiagnosticCodes.MissingKey, context.PlaceOf(root, ""),
                $"{(apiVersion is null ? "apiVersion" : "kind")} is missing; a resource needs apiVersion "
                + $"({FlexResource.ApiVersion}) and kind.");
        }
        else if (string.Equals(kind.Text, FlexResource.List, StringComparison.OrdinalIgnoreCase))
        {
            ReadList(mapping, kind, isInList);
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

    private void ReadList(YamlMapping mapping, YamlScalar kind, bool isInList)
    {
        if (kind.Text != FlexResource.List)
        {
            context.Diagnostics.Error(
                DiagnosticCodes.MisspelledKind, context.PlaceOf(kind, "kind"),
                $"kind is {Text.Quote(kind.Text)}; write {FlexResource.List}.");
        }
        else if (isInList)
        {
            context.Diagnostics.Error(
                DiagnosticCodes.WrongNode, context.PlaceOf(kind, "kind"),
                "a List cannot contain a List; move its items to the outer one.");
        }
        else if (ResourcePeek.IsAmbiguous(mapping, "items"))
        {
            _ = new MappingReader(mapping, "", context);
        }
        else if (ResourcePeek.Child(mapping, "items") is not YamlSequence items)
        {
            context.Diagnostics.Error(
                DiagnosticCodes.MissingKey, context.PlaceOf(mapping, ""), "a List needs items, a list of resources.");
        }
        else
        {
            foreach (var resource in items.Items.Select(context.Resolve).OfType<YamlNode>())
            {
                Read(resource, isInList: true);
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
                found.Add(service);
                break;
            case FlexResource.Service:
                break;
            case FlexResource.ApiInstance:
                foreach (var inline in ServiceReader.ReadInline(Resource(mapping), context))
                {
                    found.Add(inline);
                }

                break;
            default:
                ReadOther(mapping, kind);
                break;
        }
    }

    private void ReadBinding(YamlMapping mapping)
    {
        if (_peek.Policy(mapping).Other is { } other)
        {
            context.Diagnostics.Information(
                DiagnosticCodes.SkippedDocument, context.PlaceOf(mapping, ""),
                $"a binding of the policy {Text.Quote(other.Text)}, skipped.");
        }
        else
        {
            ReadOurs(mapping);
        }
    }

    private void ReadOurs(YamlMapping mapping)
    {
        var (errors, position) = (context.Diagnostics.ErrorCount, context.Diagnostics.Count);
        var binding = BindingReader.Read(Resource(mapping), context, out var target);
        if (binding is not null)
        {
            found.Add(binding);
        }

        // A value that could not be read counts as left out, so a binding with an error anywhere is not good.
        if (binding is null || context.Diagnostics.ErrorCount > errors || context.DropsAliases)
        {
            found.AddFault(target, context.Diagnostics.ErrorsSince(position));
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
        // A resource of any kind that names our policy is a misspelled binding.
        var meant = _peek.Policy(mapping).IsOurs
            ? FlexResource.PolicyBinding
            : NearestName.Find(kind.Text, Kinds, FlexResource.MostEdits);
        if (meant is null)
        {
            Skip(mapping, kind);
            return;
        }

        context.Diagnostics.Error(
            DiagnosticCodes.MisspelledKind, context.PlaceOf(kind, "kind"),
            $"kind is {Text.Quote(kind.Text)}; write {meant}.");
    }

    /// <summary>
    /// Resources of others. Our policy with a misspelled or different API version is not one of them.
    /// </summary>
    private void ReadForeign(YamlMapping mapping, YamlScalar apiVersion, YamlScalar kind)
    {
        var edits = NearestName.Edits(apiVersion.Text, FlexResource.ApiVersion, FlexResource.MostEdits);
        if (edits > FlexResource.MostEdits && !_peek.Policy(mapping).IsOurs)
        {
            Skip(mapping, kind);
            return;
        }

        context.Diagnostics.Error(DiagnosticCodes.OtherApiVersion, context.PlaceOf(apiVersion, "apiVersion"),
            $"apiVersion is {Text.Quote(apiVersion.Text)}; write {FlexResource.ApiVersion}.");
    }

    private void Skip(YamlMapping mapping, YamlScalar kind) =>
        context.Diagnostics.Information(
            DiagnosticCodes.SkippedDocument, context.PlaceOf(mapping, ""),
            $"a resource of kind {Text.Quote(kind.Text)}, skipped.");
}
