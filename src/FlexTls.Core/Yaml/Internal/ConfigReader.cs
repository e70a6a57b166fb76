using FlexTls.Diagnostics;
using FlexTls.Policies;

namespace FlexTls.Yaml;

/// <summary>Reads <c>config</c>, the policy proper, into the document that the rules judge.</summary>
internal static class ConfigReader
{
    public static PolicyDocument Read(MappingReader config, ReadingContext context)
    {
        var skipValidation = Value(config, "skipValidation", context);
        var certificate = Section(config, "certificate", context);
        var extensions = Section(config, "extensions", context);
        var (key, crt) = (Pem(certificate, "key", context), Pem(certificate, "crt", context));
        var document = new PolicyDocument(config.Place)
        {
            SkipValidation = Boolean(skipValidation, context),
            SkipValidationPlace = skipValidation?.Place,
            TrustedCA = Pem(config, "trustedCA", context),
            Certificate = IsWhole(certificate, key, crt) ? config.PlaceOfKey("certificate") : null,
            Key = key,
            Crt = crt,
            Alpn = List(config, "alpn", context),
            MinVersion = Value(config, "minversion", context),
            MaxVersion = Value(config, "maxversion", context),
            Ciphers = List(config, "ciphers", context, nothingIsEmpty: true),
            KeyPassphrase = ExtensionValue(extensions, "keyPassphrase", context),
            Pkcs12 = ExtensionValue(extensions, "pkcs12", context),
            BaseFolder = context.Folder,
        };
        certificate?.RejectOthers();
        extensions?.RejectOthers();
        config.RejectOthers();
        return document;
    }

    private static MappingReader? Section(MappingReader config, string key, ReadingContext context) =>
        config.Find(key) is { } node ? context.Mapping(node, config.PathOf(key)) : null;

    /// <summary>Whether all that was written could be read; what could not is reported, and would be reported again as missing.</summary>
    private static bool IsWhole(MappingReader? certificate, PolicyValue? key, PolicyValue? crt) =>
        certificate is not null && (key is null) == (certificate.Find("key") is null) && (crt is null) == (certificate.Find("crt") is null);

    private static PolicyValue? Value(MappingReader mapping, string key, ReadingContext context) =>
        mapping.Scalar(key) is { } value ? EnvironmentValues.Expand(value, context.Diagnostics) : null;

    private static PolicyValue? Pem(MappingReader? mapping, string key, ReadingContext context) =>
        mapping is not null && Value(mapping, key, context) is { } value ? EnvironmentValues.WithLineBreaks(value) : null;

    private static PolicyValue? ExtensionValue(MappingReader? extensions, string key, ReadingContext context) =>
        extensions?.Scalar(key) is { } value ? EnvironmentValues.ExpandOrUnescape(value, context.Diagnostics) : null;

    private static bool Boolean(PolicyValue? value, ReadingContext context)
    {
        if (value is null || string.Equals(value.Text, "false", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (string.Equals(value.Text, "true", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var (code, found) = value.Text.Length == 0 ? (DiagnosticCodes.EmptyValue, "empty") : (DiagnosticCodes.NotBoolean, value.Quoted);
        context.Diagnostics.Error(code, value.Place, $"{value.Place.Path} is {found}; write true or false, or leave the key out for false.");
        return false;
    }

    private static IReadOnlyList<PolicyValue>? List(MappingReader config, string key, ReadingContext context, bool nothingIsEmpty = false)
    {
        if (config.Find(key) is not { } node)
        {
            return null;
        }

        var path = config.PathOf(key);
        switch (context.Resolve(node))
        {
            case null:
                return null;
            case { HasForeignTag: true } tagged:
                context.RejectTag(tagged, path);
                return null;
            case YamlSequence sequence:
                return [.. sequence.Items
                    .Select((item, i) => context.Scalar(item, $"{path}[{i}]"))
                    .OfType<PolicyValue>()
                    .Select(item => EnvironmentValues.Expand(item, context.Diagnostics))
                    .OfType<PolicyValue>()];
            case YamlScalar { IsEmpty: true } when nothingIsEmpty:
                return [];
            case YamlScalar { IsEmpty: true } nothing:
                context.Diagnostics.Error(DiagnosticCodes.EmptyValue, context.PlaceOf(nothing, path), $"{path} is empty; leave the key out to get its default, or write [] for none.");
                return null;
            case var other:
                context.Diagnostics.Error(DiagnosticCodes.WrongNode, context.PlaceOf(other, path), $"{path} must be a list; write each entry on a line of its own after '- '.");
                return null;
        }
    }
}
