using System.Text;

namespace FlexTls;

/// <summary><c>alpn</c>: the application protocols to offer.</summary>
internal static class AlpnRules
{
    private const int LongestId = 255;
    private const int LongestList = ushort.MaxValue;

    public static IReadOnlyList<AlpnId> Parse(
        PolicyDocument document, TlsVersionRange? effective, DiagnosticList diagnostics)
    {
        if (CheckTogether(document.Alpn ?? [], diagnostics))
        {
            foreach (var value in document.Alpn ?? [])
            {
                Check(value, diagnostics);
            }
        }

        var ids = document.Alpn?.Select(value => new AlpnId(value.Text, value.Origin ?? value.Text))
            ?? PolicyDefaults.Alpn.Select(id => new AlpnId(id, id));
        return effective is null || effective.Max >= TlsVersion.Tls12
            ? [.. ids]
            : WithoutHttp2(document, effective, ids, diagnostics);
    }

    /// <summary>HTTP/2 needs TLS 1.2 (RFC 9113, section 9.2).</summary>
    private static AlpnId[] WithoutHttp2(
        PolicyDocument document, TlsVersionRange effective, IEnumerable<AlpnId> ids, DiagnosticList diagnostics)
    {
        if (document.Alpn?.FirstOrDefault(value => value.Text == PolicyDefaults.Http2) is { } written)
        {
            diagnostics.Warning(
                DiagnosticCodes.Http2NeedsTls12, written.Place,
                $"{written.Place.Path}: h2 needs TLS 1.2 and is not offered with {effective}.");
        }

        return [.. ids.Where(id => id.Text != PolicyDefaults.Http2)];
    }

    private static void Check(PolicyValue value, DiagnosticList diagnostics)
    {
        if (value.Text.EnumerateRunes().Contains(Rune.ReplacementChar)
            || Encoding.UTF8.GetByteCount(value.Text) is < 1 or > LongestId)
        {
            diagnostics.Error(
                DiagnosticCodes.BadAlpnLength, value.Place,
                $"{value.Place.Path} must be a protocol id of 1 to {LongestId} bytes, such as h2.");
            return;
        }

        if (FlexTls.Text.FindKeyText(value.Text) is not null)
        {
            // The id would be legal, and FlexTls would send it to the server in plain text.
            diagnostics.Error(DiagnosticCodes.BadAlpnLength, value.Place,
                $"{value.Place.Path} is {value.Quoted}; remove what follows the protocol id.");
            return;
        }

        var meant = PolicyDefaults.Alpn.FirstOrDefault(
            id => string.Equals(id, value.Text, StringComparison.OrdinalIgnoreCase));
        if (meant is not null && meant != value.Text)
        {
            diagnostics.Error(
                DiagnosticCodes.AlpnLetterCase, value.Place,
                $"{value.Place.Path} is {value.Quoted}; protocol ids are compared byte for byte; write {meant}.");
            return;
        }

        if (AlpnMistakes.Of(value.Text) is { } mistake)
        {
            diagnostics.Warning(DiagnosticCodes.MistakenAlpn, value.Place,
                $"{value.Place.Path} is {value.Quoted}, {mistake}");
        }
    }

    /// <summary>Whether the list is short enough to look at each id.</summary>
    private static bool CheckTogether(IReadOnlyList<PolicyValue> values, DiagnosticList diagnostics)
    {
        if (values.Sum(value => Encoding.UTF8.GetByteCount(value.Text) + 1) > LongestList)
        {
            diagnostics.Error(DiagnosticCodes.BadAlpnLength, values[0].Place,
                $"{values[0].Place.Path}: the protocol ids together are longer than {LongestList} bytes.");
            return false;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values.Where(value => !seen.Add(value.Text)))
        {
            diagnostics.Error(
                DiagnosticCodes.DuplicateAlpn, value.Place,
                $"{value.Place.Path} is {value.Quoted}, which is listed before; remove it.");
        }

        return true;
    }
}
