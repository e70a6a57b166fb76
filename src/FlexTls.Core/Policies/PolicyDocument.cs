using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// A policy as a person wrote it, in whatever form, with the place of every value: the only input of the rules. A
/// <see langword="null"/> member was left out.
/// </summary>
internal sealed record PolicyDocument(Place Place)
{
    /// <summary>The keys that were written; empty for options in code.</summary>
    public IReadOnlyList<TlsPolicySetting> Keys { get; init; } = [];

    public bool SkipValidation { get; init; }

    public Place? SkipValidationPlace { get; init; }

    public PolicyValue? TrustedCA { get; init; }

    /// <summary>The place of <c>certificate</c>; present if the key is, even without a value.</summary>
    public Place? Certificate { get; init; }

    public PolicyValue? Key { get; init; }

    public PolicyValue? Crt { get; init; }

    public IReadOnlyList<PolicyValue>? Alpn { get; init; }

    public PolicyValue? MinVersion { get; init; }

    public PolicyValue? MaxVersion { get; init; }

    public IReadOnlyList<PolicyValue>? Ciphers { get; init; }

    public PolicyValue? KeyPassphrase { get; init; }

    public PolicyValue? Pkcs12 { get; init; }

    /// <summary>The place of <see cref="Pkcs12"/>; in messages it includes the file that the value names.</summary>
    public Place? Pkcs12Place => Pkcs12?.StandsFor("").AsLines().Place;

    /// <summary>Where the client certificate is written; <see langword="null"/>: nowhere.</summary>
    public Place? IdentityPlace => Crt?.Place ?? Pkcs12Place ?? ClientCertificatePlace;

    public PolicyValue? ServerName { get; init; }

    public PolicyList<WrittenName>? SubjectAltNames { get; init; }

    /// <summary>The place of <c>trustSystemCA</c> if it is true.</summary>
    public Place? TrustSystemCA { get; init; }

    public PolicyList<PolicyValue>? SpkiSha256 { get; init; }

    /// <summary>The place of a <c>pins</c> key without a list of pins.</summary>
    public Place? EmptyPins { get; init; }

    public PolicyValue? DrainTimeout { get; init; }

    /// <summary>The place of <c>requireMutualTls</c> if it is true.</summary>
    public Place? RequireMutualTls { get; init; }

    /// <summary>The place of <c>allowPlainHttp</c> if it is true.</summary>
    public Place? AllowPlainHttp { get; init; }

    /// <summary>Reads the files and secrets that values refer to.</summary>
    public ValueReads Files { get; init; } = new();

    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The place of <see cref="ClientCertificate"/>; present if the certificate is.</summary>
    public Place? ClientCertificatePlace { get; init; }

    public X509Certificate2Collection? ClientIntermediates { get; init; }

    /// <summary>The place of <see cref="ClientIntermediates"/>; present if there are any.</summary>
    public Place? ClientIntermediatesPlace { get; init; }

    public X509Certificate2Collection? TrustAnchors { get; init; }

    /// <summary>The place of <see cref="TrustAnchors"/>; present if the anchors are.</summary>
    public Place? TrustAnchorsPlace { get; init; }

    /// <summary>
    /// The document with the contents of the files and secrets that its values refer to; those that cannot be read are
    /// reported and left out.
    /// </summary>
    public PolicyDocument WithReferences(DiagnosticList diagnostics)
    {
        var key = Key is null ? null : ReferencedValues.Text(Key, Files, diagnostics, isSecret: true);
        var crt = Crt is null ? null : ReferencedValues.Text(Crt, Files, diagnostics);
        var passphrase = KeyPassphrase is null ? null
            : ReferencedValues.Passphrase(KeyPassphrase, Files, diagnostics);
        var isWhole = (passphrase is null) == (KeyPassphrase is null);
        return this with
        {
            TrustedCA = TrustedCA is null ? null : ReferencedValues.Text(TrustedCA, Files, diagnostics),
            Key = key,
            Crt = crt,
            Certificate = isWhole && (key is null) == (Key is null) && (crt is null) == (Crt is null)
                ? Certificate
                : null,
            Pkcs12 = isWhole ? Pkcs12 : null,
            KeyPassphrase = passphrase,
        };
    }

    /// <summary>The document of options in code; the places are the names of the properties.</summary>
    /// <param name="options">The options.</param>
    /// <param name="owner">What the options belong to; messages put it before every name. Empty: nothing.</param>
    public static PolicyDocument From(OutboundTlsOptions options, string owner = "")
    {
        const string Pins = "Extensions.Pins.SpkiSha256";
        return new(At("policy"))
        {
            SkipValidation = options.DangerousSkipValidation,
            SkipValidationPlace = At(nameof(options.DangerousSkipValidation)),
            TrustedCA = Value(options.TrustedCA, nameof(options.TrustedCA)),
            Certificate = options.Certificate is null ? null : At(nameof(options.Certificate)),
            Key = Value(options.Certificate?.Key, "Certificate.Key"),
            Crt = Value(options.Certificate?.Crt, "Certificate.Crt"),
            Alpn = Values(options.Alpn, nameof(options.Alpn)),
            MinVersion = Value(Version(options.MinVersion), nameof(options.MinVersion)),
            MaxVersion = Value(Version(options.MaxVersion), nameof(options.MaxVersion)),
            Ciphers = Values(options.Ciphers?.Select(suite => suite.ToString()), nameof(options.Ciphers)),
            KeyPassphrase = Value(options.Extensions?.KeyPassphrase, "Extensions.KeyPassphrase"),
            Pkcs12 = Value(options.Extensions?.Pkcs12, "Extensions.Pkcs12"),
            ServerName = Value(options.Extensions?.ServerName, "Extensions.ServerName"),
            SubjectAltNames = Names(options.Extensions?.SubjectAltNames, "Extensions.SubjectAltNames"),
            TrustSystemCA = options.Extensions is { TrustSystemCA: true } ? At("Extensions.TrustSystemCA") : null,
            SpkiSha256 = Values(options.Extensions?.Pins?.SpkiSha256, Pins) is { } pins ? new(At(Pins), pins) : null,
            EmptyPins = options.Extensions?.Pins is { SpkiSha256: null } ? At("Extensions.Pins") : null,
            DrainTimeout = Value(Time(options.Extensions?.DrainTimeout), "Extensions.DrainTimeout"),
            RequireMutualTls = options.Extensions is { RequireMutualTls: true }
                ? At("Extensions.RequireMutualTls") : null,
            AllowPlainHttp = options.Extensions is { DangerousAllowPlainHttp: true }
                ? At("Extensions.DangerousAllowPlainHttp") : null,
            ClientCertificate = options.ClientCertificate,
            ClientCertificatePlace = options.ClientCertificate is null ? null : At(nameof(options.ClientCertificate)),
            ClientIntermediates = options.ClientIntermediates,
            ClientIntermediatesPlace =
                options.ClientIntermediates is { Count: > 0 } ? At(nameof(options.ClientIntermediates)) : null,
            TrustAnchors = options.TrustAnchors,
            TrustAnchorsPlace = options.TrustAnchors is null ? null : At(nameof(options.TrustAnchors)),
        };

        Place At(string path) => new(owner.Length == 0 ? path : $"{owner}: {path}");

        // A value outside the enumeration is refused like any other text.
        static string? Version(TlsVersion? version) =>
            version is { } known && Enum.IsDefined(known) ? known.ToText() : version?.ToString();

        static string? Time(TimeSpan? time) =>
            time is { } span && span.Ticks % TimeSpan.TicksPerMillisecond == 0 ? Duration.Show(span) : time?.ToString();

        PolicyValue? Value(string? text, string path) => text is null ? null : new PolicyValue(text, At(path));

        IReadOnlyList<PolicyValue>? Values(IEnumerable<string>? texts, string path) =>
            texts is null ? null : [.. texts.Select((text, i) => new PolicyValue(text ?? "", At($"{path}[{i}]")))];

        PolicyList<WrittenName>? Names(IList<SubjectAltNameOptions>? names, string path) => names is null
            ? null
            : new(At(path),
            [.. names.Select(
                (name, i) => new WrittenName(
                    At($"{path}[{i}]"), Value(name?.Type, $"{path}[{i}].Type"),
                    Value(name?.Value, $"{path}[{i}].Value")))]);
    }
}
