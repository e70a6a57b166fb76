namespace FlexTls;

/// <summary>Reads a policy, in whatever form it is written, into the document that the rules judge.</summary>
internal static class PolicyDocumentReader
{
    private const string SubjectAltNames = "subjectAltNames";
    private const string SpkiSha256 = "spkiSha256";
    private const string WithoutCertificate = "leave the whole certificate out";

    /// <param name="config">The policy proper: <c>config</c> in YAML.</param>
    /// <param name="files">Reads the files that values refer to.</param>
    /// <param name="diagnostics">Receives the faults.</param>
    public static PolicyDocument Read(IPolicySection config, ValueReads files, DiagnosticList diagnostics)
    {
        var skipValidation = Value(config, "skipValidation", diagnostics);
        var certificate = config.Section("certificate");
        var extensions = config.Section("extensions");
        var pins = extensions?.Section("pins");
        var trustSystemCA = ExtensionValue(extensions, "trustSystemCA", diagnostics);
        var requireMutualTls = ExtensionValue(extensions, "requireMutualTls", diagnostics);
        var allowPlainHttp = ExtensionValue(extensions, "allowPlainHttp", diagnostics);
        var (key, crt) = (CertificateKey(certificate, diagnostics), Pem(
            certificate, "crt", diagnostics, WithoutCertificate));
        var passphrase = ExtensionValue(extensions, "keyPassphrase", diagnostics, isSecret: true);

        // An unknown key may be a misspelling of a missing one.
        var isWhole = !RejectsOthers(certificate, diagnostics) || (key is not null && crt is not null);
        var document = new PolicyDocument(config.Place)
        {
            Keys = [.. KeysOf(config, ""), .. KeysOf(extensions, "extensions.")],
            SkipValidation = Boolean(skipValidation, diagnostics),
            SkipValidationPlace = skipValidation?.Place,
            TrustedCA = Pem(config, "trustedCA", diagnostics, EmptyRules.TrustedCAOtherwise),
            Certificate = isWhole && IsWhole(certificate, key, crt) ? config.PlaceOfKey("certificate") : null,
            Key = key,
            Crt = crt,
            Alpn = List(config, "alpn", diagnostics),
            MinVersion = Value(config, "minversion", diagnostics),
            MaxVersion = Value(config, "maxversion", diagnostics),
            Ciphers = List(config, "ciphers", diagnostics, nothingIsEmpty: true),
            KeyPassphrase = isWhole ? passphrase : null,
            Pkcs12 = ExtensionValue(extensions, "pkcs12", diagnostics),
            ServerName = ExtensionValue(extensions, "serverName", diagnostics),
            SubjectAltNames = Names(extensions, diagnostics),
            TrustSystemCA = Boolean(trustSystemCA, diagnostics) ? trustSystemCA!.Place : null,
            SpkiSha256 = Pins(pins, diagnostics),
            EmptyPins = pins is not null && !pins.Has(SpkiSha256) ? extensions!.PlaceOfKey("pins") : null,
            DrainTimeout = ExtensionValue(extensions, "drainTimeout", diagnostics),
            RequireMutualTls = Boolean(requireMutualTls, diagnostics) ? requireMutualTls!.Place : null,
            AllowPlainHttp = Boolean(allowPlainHttp, diagnostics) ? allowPlainHttp!.Place : null,
            Files = files,
        };
        pins?.RejectOthers();
        extensions?.RejectOthers();
        config.RejectOthers();
        return document;
    }

    private static IEnumerable<TlsPolicySetting> KeysOf(IPolicySection? section, string prefix) =>
        from key in section?.Keys ?? []
        let place = section!.PlaceOfKey(key)
        select new TlsPolicySetting
        {
            Name = prefix + key,
            Path = place.Path,
            FileName = place.FileName,
            Line = place.Line,
            Column = place.Column,
        };

    /// <summary>
    /// Whether everything that was written could be read. Values that could not are already reported; they must not be
    /// reported again as missing.
    /// </summary>
    private static bool IsWhole(IPolicySection? certificate, PolicyValue? key, PolicyValue? crt) =>
        certificate is not null && (key is null) != certificate.Has("key") && (crt is null) != certificate.Has("crt");

    /// <summary>Reports unknown keys, and returns whether there were any.</summary>
    private static bool RejectsOthers(IPolicySection? section, DiagnosticList diagnostics)
    {
        var errors = diagnostics.ErrorCount;
        section?.RejectOthers();
        return diagnostics.ErrorCount > errors;
    }

    private static PolicyValue? Value(IPolicySection section, string key, DiagnosticList diagnostics) =>
        section.Scalar(key) is { } value ? EnvironmentValues.Expand(value, diagnostics) : null;

    private static PolicyValue? Pem(
        IPolicySection? section, string key, DiagnosticList diagnostics, string otherwise = "leave the key out") =>
        section?.Scalar(key) is { } value
            ? EnvironmentValues.Expand(value, diagnostics, otherwise: otherwise)?.AsLines()
            : null;

    private static PolicyValue? CertificateKey(IPolicySection? certificate, DiagnosticList diagnostics) =>
        certificate?.Scalar("key") is { } value
            ? EnvironmentValues.Expand(
                value, diagnostics, ValueReferences.IsInCapitals(value.Text), WithoutCertificate)?.AsLines()
            : null;

    private static PolicyValue? ExtensionValue(
        IPolicySection? extensions, string key, DiagnosticList diagnostics, bool isSecret = false) =>
        extensions?.Scalar(key) is { } value ? EnvironmentValues.ExpandOrUnescape(value, diagnostics, isSecret) : null;

    private static IReadOnlyList<PolicyValue>? List(
        IPolicySection section, string key, DiagnosticList diagnostics, bool nothingIsEmpty = false) =>
        section.List(key, nothingIsEmpty) is { } values
            ? [.. values.Select(value => EnvironmentValues.Expand(value, diagnostics)).OfType<PolicyValue>()]
            : null;

    private static PolicyList<WrittenName>? Names(IPolicySection? extensions, DiagnosticList diagnostics)
    {
        var errors = diagnostics.ErrorCount;
        return extensions?.Sections(SubjectAltNames) is { } entries
            ? Whole(
                extensions.PlaceOfKey(SubjectAltNames),
                [.. entries.Select(entry => Name(entry, diagnostics)).OfType<WrittenName>()], errors, diagnostics)
            : null;
    }

    private static WrittenName? Name(IPolicySection entry, DiagnosticList diagnostics)
    {
        var (type, value) = (ExtensionValue(entry, "type", diagnostics), ExtensionValue(entry, "value", diagnostics));
        entry.RejectOthers();
        return (type is null) == entry.Has("type") || (value is null) == entry.Has("value")
            ? null
            : new WrittenName(entry.Place, type, value);
    }

    private static PolicyList<PolicyValue>? Pins(IPolicySection? pins, DiagnosticList diagnostics)
    {
        var errors = diagnostics.ErrorCount;
        if (pins?.List(SpkiSha256, nothingIsEmpty: true) is not { } written)
        {
            return null;
        }

        var values = written.Select(value => EnvironmentValues.ExpandOrUnescape(value, diagnostics));
        return Whole(pins.PlaceOfKey(SpkiSha256), [.. values.OfType<PolicyValue>()], errors, diagnostics);
    }

    /// <summary>
    /// A list without any readable item counts as left out: it is already reported, and must not be reported again as
    /// empty.
    /// </summary>
    private static PolicyList<T>? Whole<T>(
        Place place, IReadOnlyList<T> items, int errorsBefore, DiagnosticList diagnostics) =>
        items.Count == 0 && diagnostics.ErrorCount > errorsBefore ? null : new PolicyList<T>(place, items);

    private static bool Boolean(PolicyValue? value, DiagnosticList diagnostics)
    {
        if (value is null || string.Equals(value.Text, "false", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (string.Equals(value.Text, "true", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var (code, found) = value.Text.Length == 0
            ? (DiagnosticCodes.EmptyValue, "empty")
            : (DiagnosticCodes.NotBoolean, value.Quoted);
        diagnostics.Error(
            code, value.Place, $"{value.Place.Path} is {found}; write true or false, or leave the key out for false.");
        return false;
    }
}
