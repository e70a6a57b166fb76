namespace FlexTls;

/// <summary><c>extensions.pins</c>: the keys of which at least one must be on the verified path.</summary>
internal static class PinRules
{
    private const int HashBytes = 32;
    private const string Command =
        "openssl x509 -in FILE -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | "
        + "openssl base64";

    /// <summary>The pins without duplicates; none if the policy sets none, and after an error.</summary>
    public static IReadOnlyList<SpkiPin> Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.SpkiSha256 is not { } written)
        {
            return [];
        }

        var pins = written.Items.Select(value => Parse(value, diagnostics)).ToList();
        var kept = pins.OfType<SpkiPin>().DistinctBy(pin => Convert.ToHexString(pin.Hash.Span)).ToList();
        if (kept.Count == 1 && !pins.Contains(null))
        {
            diagnostics.Warning(DiagnosticCodes.NoBackupPin, written.Place,
                $"{written.Place.Path} has one pin: when that key is renewed, every connection fails; add the pin of a "
                + "key kept in reserve.");
        }

        return kept;
    }

    /// <summary>A text that is not a pin may be a key in the wrong place, so messages do not quote it.</summary>
    private static SpkiPin? Parse(PolicyValue value, DiagnosticList diagnostics)
    {
        if (Decode(value.Text) is { } hash)
        {
            return new SpkiPin(hash, value.Origin ?? value.Text);
        }

        diagnostics.Error(DiagnosticCodes.BadPin, value.Place,
            $"{value.Place.Path} is not a SHA-256 value in base64 (44 characters)"
            + $"{Guess(value.Text)}; make one with: {Command}");
        return null;
    }

    /// <summary>Accepts only the canonical form of base64, so that equal pins are equal texts.</summary>
    private static byte[]? Decode(string text)
    {
        var hash = new byte[HashBytes];
        return Convert.TryFromBase64String(text, hash, out var length)
            && length == HashBytes
            && Convert.ToBase64String(hash) == text ? hash : null;
    }

    private static string Guess(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal);
        return digits.Length == 2 * HashBytes && digits.All(char.IsAsciiHexDigit) ? ", it looks like hexadecimal"
            : text.StartsWith("sha256/", StringComparison.OrdinalIgnoreCase) ? ", leave out 'sha256/'"
            : "";
    }
}
