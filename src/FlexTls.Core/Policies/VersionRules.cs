namespace FlexTls;

/// <summary><c>minversion</c> and <c>maxversion</c>: the range that the policy asks for.</summary>
internal static class VersionRules
{
    public static TlsVersionRange? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        var min = Parse(document.MinVersion, PolicyDefaults.MinVersion, diagnostics);
        var max = Parse(document.MaxVersion, PolicyDefaults.MaxVersion, diagnostics);
        if (min is null || max is null)
        {
            return null;
        }

        if (min > max)
        {
            var at = document.MinVersion ?? document.MaxVersion!;
            diagnostics.Error(DiagnosticCodes.MinAboveMax, at.Place,
                $"{at.Place.Path} makes the lowest version {min.Value.ToText()} and the highest {max.Value.ToText()}; "
                + "the lowest must not be above the highest.");
            return null;
        }

        return new TlsVersionRange(min.Value, max.Value);
    }

    private static TlsVersion? Parse(PolicyValue? value, TlsVersion fallback, DiagnosticList diagnostics)
    {
        if (value is null)
        {
            return fallback;
        }

        var version = TlsVersionExtensions.Parse(value.Text);
        if (version is null)
        {
            diagnostics.Error(DiagnosticCodes.UnknownVersion, value.Place,
                $"{value.Place.Path} is {value.Quoted}; TLS versions are 1.1, 1.2 and 1.3.");
        }

        return version;
    }
}
