using FlexTls.Diagnostics;
using FlexTls.Policies;

namespace FlexTls.Yaml;

/// <summary>Reads <c>config</c>, the policy proper, into the document that the rules judge.</summary>
internal static class ConfigReader
{
    public static PolicyDocument Read(MappingReader config, ReadingContext context)
    {
        var skipValidation = config.Scalar("skipValidation");
        var certificate = config.Find("certificate") is { } node ? context.Mapping(node, config.PathOf("certificate")) : null;
        var document = new PolicyDocument(config.Place)
        {
            SkipValidation = Boolean(skipValidation, context),
            SkipValidationPlace = skipValidation?.Place,
            TrustedCA = config.Scalar("trustedCA"),
            Certificate = certificate is null ? null : config.PlaceOfKey("certificate"),
            Key = certificate?.Scalar("key"),
            Crt = certificate?.Scalar("crt"),
            Alpn = List(config, "alpn", context),
            MinVersion = config.Scalar("minversion"),
            MaxVersion = config.Scalar("maxversion"),
            Ciphers = List(config, "ciphers", context, nothingIsEmpty: true),
        };
        certificate?.RejectOthers();
        config.RejectOthers();
        return document;
    }

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
            case YamlSequence sequence:
                return [.. sequence.Items.Select((item, i) => context.Scalar(item, $"{path}[{i}]")).OfType<PolicyValue>()];
            case YamlScalar { IsNull: true } when nothingIsEmpty:
                return [];
            case YamlScalar { IsNull: true } nothing:
                context.Diagnostics.Error(DiagnosticCodes.EmptyValue, context.PlaceOf(nothing, path), $"{path} is empty; leave the key out to get its default, or write [] for none.");
                return null;
            case var other:
                context.Diagnostics.Error(DiagnosticCodes.WrongNode, context.PlaceOf(other, path), $"{path} must be a list; write each entry on a line of its own after '- '.");
                return null;
        }
    }
}
