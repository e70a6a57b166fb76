using FlexTls.Diagnostics;

namespace FlexTls.Yaml;

/// <summary>Gathers what the texts hold and finds what only shows across them.</summary>
internal sealed class PolicySetBuilder
{
    private readonly List<TlsPolicyBinding> _bindings = [];
    private readonly List<UpstreamService> _services = [];

    public DiagnosticList Diagnostics { get; } = new();

    public int BindingCount => _bindings.Count;

    public void Read(YamlText text)
    {
        if (text.Text.Length > YamlLimits.Length)
        {
            Diagnostics.Error(DiagnosticCodes.TooLong, new Place("", text.FileName), "the text is longer than 4 MiB; split it.");
            return;
        }

        var reader = new ResourceReader(new ReadingContext(text, Diagnostics), this);
        foreach (var root in new YamlDocumentReader(text, Diagnostics).ReadAll())
        {
            reader.Read(root);
        }
    }

    public void Add(TlsPolicyBinding binding) => _bindings.Add(binding);

    public void Add(UpstreamService service) => _services.Add(service);

    /// <summary>The set; without bindings if there was an error anywhere.</summary>
    public TlsPolicySet Build()
    {
        FindDuplicates();
        WarnAboutPlainText();
        var diagnostics = Diagnostics.InFileOrder();
        return Diagnostics.HasErrors ? new TlsPolicySet([], [], diagnostics) : new TlsPolicySet(_bindings, _services, diagnostics);
    }

    private void FindDuplicates()
    {
        foreach (var group in _bindings.GroupBy(b => (b.TargetNamespace, b.TargetName)))
        {
            var first = group.First();
            foreach (var other in group.Skip(1))
            {
                Diagnostics.Error(DiagnosticCodes.DuplicateBinding, PlaceOf(other),
                    $"binding '{other.Name}' is for the Service '{other.TargetNamespace}/{other.TargetName}', which has one already: '{first.Name}' in {first.FileName ?? "this text"}({first.Line}); keep one.");
            }
        }
    }

    private void WarnAboutPlainText()
    {
        var services = _services.ToLookup(service => (service.Namespace, service.Name));
        foreach (var binding in _bindings)
        {
            if (services[(binding.TargetNamespace, binding.TargetName)].FirstOrDefault(service => !service.IsTls) is { } service)
            {
                Diagnostics.Warning(DiagnosticCodes.PlainTextUpstream, PlaceOf(binding),
                    $"binding '{binding.Name}' has no effect: the address of Service '{service.Name}' is {service.Address.Scheme}://, which is not TLS.");
            }
        }
    }

    private static Place PlaceOf(TlsPolicyBinding binding) => new("", binding.FileName, binding.Line, binding.Line > 0 ? 1 : 0);
}
