using System.Text;

namespace FlexTls;

/// <summary>
/// <c>extensions.subjectAltNames</c>: names, instead of the host, of which the server's certificate must have at least
/// one.
/// </summary>
internal static class SubjectAltNameRules
{
    private const int MostEditsOfType = 1;

    private static readonly Dictionary<string, ExpectedNameKind> Kinds = new(StringComparer.Ordinal)
    {
        ["DNS"] = ExpectedNameKind.Dns,
        ["URI"] = ExpectedNameKind.Uri,
        ["IP"] = ExpectedNameKind.IP,
    };

    /// <summary>The names without duplicates; none if the host is checked, and after an error.</summary>
    public static IReadOnlyList<ExpectedName> Parse(PolicyDocument document, DiagnosticList diagnostics) =>
    [
        .. (document.SubjectAltNames?.Items ?? []).Select(entry => Parse(entry, diagnostics))
            .OfType<ExpectedName>().Distinct(),
    ];

    private static ExpectedName? Parse(WrittenName entry, DiagnosticList diagnostics)
    {
        if (entry.Type is not { } type || string.IsNullOrWhiteSpace(type.Text))
        {
            diagnostics.Error(
                DiagnosticCodes.UnknownNameType, entry.Type?.Place ?? entry.Place,
                $"{entry.Place.Path} has no type; types are DNS, URI and IP.");
            return null;
        }

        if (!Kinds.TryGetValue(type.Text, out var kind))
        {
            var hint = NearestName.Find(type.Text, Kinds.Keys, MostEditsOfType) is { } nearest
                ? $"did you mean {nearest}?"
                : "types are DNS, URI and IP.";
            diagnostics.Error(
                DiagnosticCodes.UnknownNameType, type.Place, $"{type.Place.Path} is {type.Quoted}; {hint}");
            return null;
        }

        if (entry.Value is not { } value || string.IsNullOrWhiteSpace(value.Text))
        {
            diagnostics.Error(
                DiagnosticCodes.BadSubjectAltName, entry.Value?.Place ?? entry.Place,
                $"{entry.Place.Path} has no value; {Wanted(kind)}.");
            return null;
        }

        if (Read(kind, value.Text) is { } name)
        {
            return name with { Origin = value.Origin };
        }

        diagnostics.Error(
            DiagnosticCodes.BadSubjectAltName, value.Place,
            $"{value.Place.Path} is {value.Quoted}; {Hint(kind, value.Text)}.");
        return null;
    }

    /// <summary>The name, or <see langword="null"/> if the text is not a name of this kind.</summary>
    private static ExpectedName? Read(ExpectedNameKind kind, string text) => kind switch
    {
        ExpectedNameKind.Dns => HostName.TryParse(text) is { Address: null } host
            ? new ExpectedName(kind, host.Text, null)
            : null,
        ExpectedNameKind.IP => ReadAddress(text),
        _ => IsUri(text) ? new ExpectedName(kind, text, null) : null,
    };

    // The platform also accepts ports, zones and octal numbers, which certificates never contain: '010.0.0.1' would be
    // 8.0.0.1.
    private static ExpectedName? ReadAddress(string text) =>
        text.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':')
            && HostName.TryParse(text) is { Address: { } address } host
        && (text.Contains(':', StringComparison.Ordinal) || text == host.Text)
            ? new ExpectedName(ExpectedNameKind.IP, host.Text, address)
            : null;

    private static bool IsUri(string text) =>
        Ascii.IsValid(text)
            && Uri.IsWellFormedUriString(text, UriKind.Absolute)
            && !text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1).Trim('/').IsEmpty;

    private static string Hint(ExpectedNameKind kind, string text) => kind switch
    {
        ExpectedNameKind.Dns when text.Contains('*', StringComparison.Ordinal) =>
            "the certificate may have a wildcard, the policy names the host itself, such as orders.internal.example",
        ExpectedNameKind.Dns when ReadAddress(text) is not null => "an address has the type IP",
        ExpectedNameKind.Dns when IsUri(text)
            && text.Contains("://", StringComparison.Ordinal) => "a URI has the type URI",
        ExpectedNameKind.Uri when !Ascii.IsValid(text) =>
            "a URI in a certificate is ASCII, other characters are percent-encoded",
        _ => Wanted(kind),
    };

    private static string Wanted(ExpectedNameKind kind) => kind switch
    {
        ExpectedNameKind.Dns => "write a DNS name such as orders.internal.example",
        ExpectedNameKind.IP => "write only an IP address, such as 10.1.2.3 or 2001:db8::1",
        _ => "write an absolute URI such as spiffe://example.org/orders",
    };
}
