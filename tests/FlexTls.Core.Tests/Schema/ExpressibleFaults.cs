namespace FlexTls.Schema;

/// <summary>Which faults a schema can express, and so must.</summary>
internal static class ExpressibleFaults
{
    /// <summary>Every error code that a corpus file expects.</summary>
    public static readonly IReadOnlyDictionary<string, (bool Expressible, string Reason)> Codes = new Dictionary<string, (bool, string)>
    {
        [DiagnosticCodes.YamlSyntax] = (false, "the text is no YAML, which an editor reports before any schema"),
        [DiagnosticCodes.BadlyIndentedPem] = (false, "likewise"),
        [DiagnosticCodes.UnknownKey] = (true, "additionalProperties"),
        [DiagnosticCodes.DuplicateKey] = (false, "JSON has no duplicate keys; an editor reports them before any schema"),
        [DiagnosticCodes.WrongNode] = (true, "type"),
        [DiagnosticCodes.MissingKey] = (true, "required"),
        [DiagnosticCodes.EmptyValue] = (true, "type and pattern"),
        [DiagnosticCodes.NotBoolean] = (true, "type and pattern"),
        [DiagnosticCodes.MisspelledKind] = (false, "a schema does not count edits: to it, the resource is another's"),
        [DiagnosticCodes.MisspelledPolicyName] = (false, "likewise: to it, the binding is of another policy"),
        [DiagnosticCodes.OtherApiVersion] = (true, "a resource of others must not name tls-outbound"),
        [DiagnosticCodes.MissingTargetKind] = (true, "required"),
        [DiagnosticCodes.WrongTargetKind] = (true, "enum"),
        [DiagnosticCodes.DuplicateBinding] = (false, "a schema sees one document at a time"),
        [DiagnosticCodes.MergeKey] = (true, "additionalProperties: '<<' is a key like any other"),
        [DiagnosticCodes.UnknownAlias] = (false, "an editor reports it before any schema"),
        [DiagnosticCodes.BadServiceAddress] = (true, "pattern"),
        [DiagnosticCodes.BadName] = (true, "pattern and maxLength"),
        [DiagnosticCodes.PolicyInApiInstance] = (true, "not"),
        [DiagnosticCodes.UnsetVariable] = (false, "a schema knows no environment"),
        [DiagnosticCodes.UnreadableReference] = (false, "a schema reads no file"),
        [DiagnosticCodes.AmbiguousDollar] = (true, "pattern"),
        [DiagnosticCodes.NotAReference] = (true, "pattern"),
        [DiagnosticCodes.UnknownScheme] = (false, "a schema knows no provider of secrets"),
        [DiagnosticCodes.HalfACertificate] = (true, "required"),
        [DiagnosticCodes.WrittenTwice] = (true, "not"),
        [DiagnosticCodes.UnknownVersion] = (true, "enum"),
        [DiagnosticCodes.MinAboveMax] = (true, "not, over the few pairs that there are"),
        [DiagnosticCodes.NothingToOffer] = (false, "it would take the versions of each suite, counted together"),
        [DiagnosticCodes.UnknownCipher] = (true, "enum"),
        [DiagnosticCodes.OpenSslCipherName] = (true, "enum"),
        [DiagnosticCodes.CipherLetterCase] = (true, "enum"),
        [DiagnosticCodes.BadAlpnLength] = (true, "minLength and maxLength"),
        [DiagnosticCodes.DuplicateAlpn] = (true, "uniqueItems"),
        [DiagnosticCodes.AlpnLetterCase] = (true, "not"),
        [DiagnosticCodes.BadServerName] = (true, "pattern"),
        [DiagnosticCodes.UnknownNameType] = (true, "enum"),
        [DiagnosticCodes.BadSubjectAltName] = (true, "a pattern for each type"),
        [DiagnosticCodes.BadPin] = (true, "pattern"),
        [DiagnosticCodes.BadDuration] = (true, "pattern"),
        [DiagnosticCodes.NothingToPresent] = (false, "true may come from the environment, which a schema does not see"),
        [DiagnosticCodes.NoPem] = (true, "pattern"),
        [DiagnosticCodes.CommentedPem] = (true, "pattern: a BEGIN line begins its line"),
        [DiagnosticCodes.WrongPemLabel] = (true, "pattern"),
        [DiagnosticCodes.MalformedPem] = (false, "patterns look at BEGIN lines; pairing each with its END line is no work for them"),
        [DiagnosticCodes.BadCertificate] = (false, "a schema decodes nothing"),
        [DiagnosticCodes.BadPrivateKey] = (false, "likewise"),
        [DiagnosticCodes.EncryptedKey] = (true, "not"),
        [DiagnosticCodes.KeyMismatch] = (false, "a schema decodes nothing"),
        [DiagnosticCodes.WeakKey] = (false, "likewise"),
        [DiagnosticCodes.UnsupportedKey] = (false, "likewise"),
        [DiagnosticCodes.KeyNotOnPlatform] = (false, "likewise"),
        [DiagnosticCodes.NoTrustAnchorLeft] = (false, "likewise"),
        [DiagnosticCodes.LeafNotFirst] = (false, "likewise"),
        [DiagnosticCodes.LegacyEncryptedKey] = (true, "pattern"),
        [DiagnosticCodes.SeveralKeys] = (true, "pattern"),
        [DiagnosticCodes.WrongPassphrase] = (false, "a schema decrypts nothing"),
        [DiagnosticCodes.BadPkcs12] = (false, "likewise"),
        [DiagnosticCodes.NotPem] = (false, "a schema reads no file"),
        [DiagnosticCodes.UnsupportedEncryption] = (false, "a schema decodes nothing"),
    };

    /// <summary>Files whose fault has a code that a schema can express, but stands where it cannot look.</summary>
    public static readonly IReadOnlyDictionary<string, string> OutOfSight = new Dictionary<string, string>
    {
        ["environment-not-expanded-again"] = "the fault is in the value of an environment variable",
        ["environment-secret-in-names"] = "likewise",
        ["drain-timeout-secret"] = "likewise",
        ["file-without-pem"] = "the fault is in the content of a file",
        ["api-instance-policies-as-a-mapping"] = "the schema describes bindings, not what stands in an ApiInstance",
        ["policy-ref-twice-under-another-version"] = "a schema sees one of two keys of the same name",
        ["tags-on-collections"] = "a schema sees no tags",
        ["list-in-a-list"] = "the items of a List are whatever they are to a schema",
        ["policy-misspelled-under-another-version"] = "with two misspellings, the binding is somebody else's to a schema",
        ["policy-misspelled-and-more"] = "with its policy's name misspelled, the binding is one of another policy to a schema",
    };

    /// <summary>Valid files that the schema refuses.</summary>
    public static readonly IReadOnlyDictionary<string, string> StricterThanTheReader = new Dictionary<string, string>
    {
        ["valid-letter-case-of-keys"] = "property names have one letter case in a schema: editors complete the canonical one",
    };
}
