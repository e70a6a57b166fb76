namespace FlexTls;

/// <summary>
/// All codes of diagnostics, refused certificates and failed handshakes. Codes are stable: a number is never reused for
/// something else. docs/errors.md describes each.
/// </summary>
internal static class DiagnosticCodes
{
    // 1xxx: the text
    public const string YamlSyntax = "FTLS1001";
    public const string BadlyIndentedPem = "FTLS1002";
    public const string UnknownKey = "FTLS1003";
    public const string DuplicateKey = "FTLS1004";
    public const string WrongNode = "FTLS1005";
    public const string MissingKey = "FTLS1006";
    public const string EmptyValue = "FTLS1007";
    public const string NotBoolean = "FTLS1008";
    public const string MisspelledKind = "FTLS1009";
    public const string MisspelledPolicyName = "FTLS1010";
    public const string OtherApiVersion = "FTLS1011";
    public const string MissingTargetKind = "FTLS1012";
    public const string WrongTargetKind = "FTLS1013";
    public const string DuplicateBinding = "FTLS1014";
    public const string PlainTextUpstream = "FTLS1015";
    public const string OrderOrRules = "FTLS1016";
    public const string SkippedDocument = "FTLS1017";
    public const string MergeKey = "FTLS1018";
    public const string UnknownAlias = "FTLS1019";
    public const string TooLong = "FTLS1020";
    public const string TooDeep = "FTLS1021";
    public const string TooManyDocuments = "FTLS1022";
    public const string TooManyAliasNodes = "FTLS1023";
    public const string NoSuchFile = "FTLS1024";
    public const string NoBinding = "FTLS1025";
    public const string UnreadableFile = "FTLS1026";
    public const string NotUtf8 = "FTLS1027";
    public const string BadServiceAddress = "FTLS1028";
    public const string PolicyInApiInstance = "FTLS1029";
    public const string UnsetVariable = "FTLS1030";
    public const string UnreadableReference = "FTLS1031";
    public const string AmbiguousDollar = "FTLS1032";
    public const string NoLineBreakAtEnd = "FTLS1033";
    public const string TooManyErrors = "FTLS1034";
    public const string BadName = "FTLS1035";
    public const string NotAReference = "FTLS1036";
    public const string UnknownScheme = "FTLS1037";

    // 2xxx: the policy
    public const string ValidationSkipped = "FTLS2001";
    public const string IdentityNotPresented = "FTLS2002";
    public const string TrustedCAUnused = "FTLS2003";
    public const string HalfACertificate = "FTLS2004";
    public const string WrittenTwice = "FTLS2005";
    public const string UnknownVersion = "FTLS2007";
    public const string MinAboveMax = "FTLS2008";
    public const string RangeNarrowed = "FTLS2009";
    public const string NothingToOffer = "FTLS2010";
    public const string UnknownCipher = "FTLS2011";
    public const string OpenSslCipherName = "FTLS2012";
    public const string CipherLetterCase = "FTLS2013";
    public const string Tls13CipherHasNoEffect = "FTLS2014";
    public const string CipherOutsideRange = "FTLS2015";
    public const string CipherListedTwice = "FTLS2016";
    public const string PreSharedKeyCipher = "FTLS2017";
    public const string WeakCipher = "FTLS2018";
    public const string BadAlpnLength = "FTLS2020";
    public const string DuplicateAlpn = "FTLS2021";
    public const string AlpnLetterCase = "FTLS2022";
    public const string Http2NeedsTls12 = "FTLS2023";
    public const string BadServerName = "FTLS2024";
    public const string UnknownNameType = "FTLS2025";
    public const string BadSubjectAltName = "FTLS2026";
    public const string BadPin = "FTLS2027";
    public const string NoBackupPin = "FTLS2028";
    public const string ExtensionUnused = "FTLS2029";
    public const string BadDuration = "FTLS2030";
    public const string PlainHttpAllowed = "FTLS2031";
    public const string MistakenAlpn = "FTLS2032";
    public const string NothingToPresent = "FTLS2033";

    // 3xxx: certificates and keys
    public const string NoPem = "FTLS3001";
    public const string CommentedPem = "FTLS3002";
    public const string WrongPemLabel = "FTLS3003";
    public const string MalformedPem = "FTLS3004";
    public const string BadCertificate = "FTLS3005";
    public const string BadPrivateKey = "FTLS3006";
    public const string EncryptedKey = "FTLS3007";
    public const string KeyMismatch = "FTLS3008";
    public const string WeakKey = "FTLS3009";
    public const string UnsupportedKey = "FTLS3010";
    public const string WeakTrustAnchor = "FTLS3011";
    public const string NoTrustAnchorLeft = "FTLS3012";
    public const string DuplicateTrustAnchor = "FTLS3013";
    public const string TrustAnchorIsNoCA = "FTLS3014";
    public const string NoClientAuthUsage = "FTLS3015";
    public const string LeafNotFirst = "FTLS3016";
    public const string LegacyEncryptedKey = "FTLS3017";
    public const string SeveralKeys = "FTLS3018";
    public const string NoPrivateKey = "FTLS3019";
    public const string WrongPassphrase = "FTLS3020";
    public const string BadPkcs12 = "FTLS3021";
    public const string KeyFileReadableByOthers = "FTLS3022";
    public const string PassphraseUnused = "FTLS3023";
    public const string NotPem = "FTLS3024";
    public const string UnsupportedEncryption = "FTLS3025";
    public const string ClientCertificateIsCA = "FTLS3026";
    public const string KeyNotOnPlatform = "FTLS3040";

    // 4xxx: the platform and the context
    public const string CipherNotOnPlatform = "FTLS4001";
    public const string NothingOnPlatform = "FTLS4002";
    public const string Tls11LowersSecurity = "FTLS4003";
    public const string IdentityNotInDate = "FTLS4004";
    public const string TrustAnchorNotInDate = "FTLS4005";
    public const string CiphersNotSelectable = "FTLS4006";
    public const string NoSystemTrust = "FTLS4007";
    public const string RenewalNotYetValid = "FTLS4008";
    public const string RenewalExpired = "FTLS4009";
    public const string IdentityNotUsable = "FTLS4010";

    // 5xxx: the server's certificate
    public const string NoServerCertificate = "FTLS5001";
    public const string UntrustedRoot = "FTLS5002";
    public const string IncompleteChain = "FTLS5003";
    public const string Expired = "FTLS5004";
    public const string NotYetValid = "FTLS5005";
    public const string NoServerAuthUsage = "FTLS5006";
    public const string BadSignature = "FTLS5007";
    public const string BadBasicConstraints = "FTLS5008";
    public const string NameConstraints = "FTLS5009";
    public const string UnknownCriticalExtension = "FTLS5010";
    public const string ChainRefused = "FTLS5011";
    public const string WeakServerKey = "FTLS5012";
    public const string UnsupportedServerKey = "FTLS5013";
    public const string WeakSignature = "FTLS5014";
    public const string WrongKeyUsage = "FTLS5016";
    public const string NoPinnedKey = "FTLS5017";
    public const string WrongForm = "FTLS5018";
    public const string NoSubjectAlternativeName = "FTLS5020";
    public const string NameMismatch = "FTLS5021";
    public const string AddressAsDnsName = "FTLS5022";
    public const string WildcardTooWide = "FTLS5023";
    public const string UnreadableCertificate = "FTLS5024";
    public const string CommonNameOnly = "FTLS5025";
    public const string NoExpectedName = "FTLS5026";
    public const string TooMuchToVerify = "FTLS5027";
    public const string ExplicitPolicy = "FTLS5028";
    public const string OtherIssuerCertificate = "FTLS5029";
    public const string MoreNamesThanCompared = "FTLS5030";
    public const string ServerKeyNotOnPlatform = "FTLS5031";

    // 6xxx: the handshake; FTLS6100 plus the number of the alert if the server sent one
    public const string ConnectionClosed = "FTLS6001";
    public const string NotTls = "FTLS6002";
    public const string ValidatorNotCalled = "FTLS6003";
    public const string CipherOutsidePolicy = "FTLS6004";
    public const string AlpnOutsidePolicy = "FTLS6005";
    public const string VersionOutsidePolicy = "FTLS6006";
    public const string NoCommonVersion = "FTLS6007";
    public const string HandshakeNotFinished = "FTLS6009";
    public const string HttpsProxy = "FTLS6010";
    public const string ServerNameThroughProxy = "FTLS6012";
    public const string StaleAttempt = "FTLS6013";
    public const string DrainEnded = "FTLS6014";
    public const string HostOutsideIdna = "FTLS6015";
    public const string PlainHttpRefused = "FTLS6020";
    public const string RenegotiationWanted = "FTLS6022";
    public const string NoSecureRenegotiation = "FTLS6023";
    public const string NotSentAgain = "FTLS6024";
    public const string NotMutual = "FTLS6025";
    public const string MutualNotVerifiable = "FTLS6026";
    public const string HandshakeFailed = "FTLS6099";

    // 7xxx: the registration
    public const string NoPolicyForClient = "FTLS7001";
    public const string AmbiguousService = "FTLS7002";
    public const string UpstreamTwice = "FTLS7003";
    public const string NotAServiceName = "FTLS7004";
    public const string ForeignPrimaryHandler = "FTLS7005";
    public const string TlsSettingOnHandler = "FTLS7006";
    public const string NoHttpInAlpn = "FTLS7007";
    public const string PolicyUnused = "FTLS7008";
    public const string DangerousForbidden = "FTLS7009";
    public const string ClientBoundTwice = "FTLS7010";
    public const string UnboundClient = "FTLS7011";
    public const string ListOfTwoProviders = "FTLS7012";
    public const string NoSuchSection = "FTLS7013";
    public const string HandlerReplaced = "FTLS7014";
    public const string StillChanging = "FTLS7015";
    public const string PolicyGone = "FTLS7016";
    public const string WatchHangs = "FTLS7017";
    public const string ReplacementFailed = "FTLS7018";
    public const string PlainBaseAddress = "FTLS7020";
    public const string ClientLooksMisspelled = "FTLS7021";
    public const string AddressDiffers = "FTLS7022";
    public const string BadSecretScheme = "FTLS7023";
    public const string PolicySourceFailed = "FTLS7024";
    public const string CodeFailed = "FTLS7025";
    public const string NeededToLoad = "FTLS7026";
    public const string ReadingFailed = "FTLS7027";
    public const string ConfigurationFailed = "FTLS7028";
    public const string UpstreamNotChosen = "FTLS7029";
    public const string ChoiceNotAllowed = "FTLS7030";
    public const string ForeignClientFactory = "FTLS7036";
    public const string OptionsNotRead = "FTLS7038";

    /// <summary>The code of a TLS alert (RFC 8446, section 6), <c>FTLS6140</c> for handshake_failure.</summary>
    public static string ForAlert(int alert) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"FTLS{6100 + alert}");
}
