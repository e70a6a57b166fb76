using System.Globalization;

namespace FlexTls;

/// <summary>The rules that need all files that are used together.</summary>
internal static class CrossFileRules
{
    private const int MostFilesShown = 3;

    /// <summary>
    /// Reports conflicts between files, and returns the Services that have more than one binding, each with its errors:
    /// none of these bindings is good.
    /// </summary>
    /// <param name="readings">All files, in their order.</param>
    /// <param name="diagnostics">The findings in the files; this method adds its own.</param>
    /// <param name="textName">The name of the text, if there is only one and it is not a file.</param>
    public static ILookup<ServiceName, TlsPolicyDiagnostic> Check(
        IReadOnlyList<PolicyFileReading> readings, DiagnosticList diagnostics, string? textName = null)
    {
        var bindings = readings.SelectMany(reading => reading.Written).ToList();
        if (readings.Count > 0 && bindings.Count == 0 && !diagnostics.HasErrors)
        {
            diagnostics.Warning(DiagnosticCodes.NoBinding, new Place("", textName),
                $"there is no {FlexResource.TlsOutbound} binding{In(readings)}.");
        }

        var duplicates = FindDuplicates(bindings, diagnostics);
        WarnAboutPlainText(bindings, readings.SelectMany(reading => reading.Services), diagnostics);
        return duplicates.ToLookup(duplicate => duplicate.Target, duplicate => duplicate.Error);
    }

    /// <summary>The files, as the end of a message; empty: there is only a text.</summary>
    private static string In(IReadOnlyList<PolicyFileReading> readings)
    {
        var files = readings.Select(reading => reading.Path).OfType<string>().ToList();
        var more = files.Count > MostFilesShown
            ? string.Create(CultureInfo.InvariantCulture, $" and {files.Count - MostFilesShown} more") : "";
        return files.Count == 0 ? "" : $" in {string.Join(", ", files.Take(MostFilesShown).Select(Text.Quote))}{more}";
    }

    private static List<(ServiceName Target, TlsPolicyDiagnostic Error)> FindDuplicates(
        IEnumerable<TlsPolicyBinding> bindings, DiagnosticList diagnostics)
    {
        var duplicates = new List<(ServiceName Target, TlsPolicyDiagnostic Error)>();
        foreach (var group in bindings.GroupBy(binding => binding.Target))
        {
            var first = group.First();
            foreach (var other in group.Skip(1))
            {
                var position = diagnostics.Count;
                diagnostics.Error(DiagnosticCodes.DuplicateBinding, PlaceOf(other),
                    $"binding '{other.Name}' is for the Service '{other.TargetNamespace}/{other.TargetName}', which "
                    + $"has one already: '{first.Name}' in {first.FileName ?? "this text"}({first.Line}); keep one.");
                duplicates.AddRange(diagnostics.ErrorsSince(position).Select(error => (group.Key, error)));
            }
        }

        return duplicates;
    }

    private static void WarnAboutPlainText(
        IEnumerable<TlsPolicyBinding> bindings, IEnumerable<UpstreamService> services, DiagnosticList diagnostics)
    {
        var byName = services.ToLookup(service => new ServiceName(service.Namespace, service.Name));
        foreach (var binding in bindings)
        {
            if (!binding.Policy.DangerousAllowPlainHttp
                && byName[binding.Target].FirstOrDefault(service => !service.IsTls) is { } service)
            {
                diagnostics.Warning(DiagnosticCodes.PlainTextUpstream, PlaceOf(binding),
                    $"binding '{binding.Name}': the address of Service '{service.Name}' "
                    + $"is {service.Address.Scheme}://, "
                    + "which is not TLS; plain requests of its clients are refused, "
                    + "unless spec.config.extensions.allowPlainHttp is true.");
            }
        }
    }

    private static Place PlaceOf(TlsPolicyBinding binding) =>
        new("", binding.FileName, binding.Line, binding.Line > 0 ? 1 : 0);
}
