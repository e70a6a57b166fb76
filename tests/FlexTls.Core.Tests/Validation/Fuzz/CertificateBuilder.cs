namespace FlexTls.Validation.Fuzz;

/// <summary>Signs fields, whatever they are.</summary>
internal static class CertificateBuilder
{
    public static byte[] Build(CertificateFields fields, CertificateFields issuer)
    {
        var (algorithm, sign) = (fields.Signer ?? issuer.Key).With(fields.Hash);
        var signed = Encode.Sequence(Parts(fields, issuer, algorithm));
        var signature = Encode.Of(writer => writer.WriteBitString(sign(signed)));
        return Encode.Sequence(signed, fields.OuterAlgorithm ?? algorithm, signature);
    }

    private static IEnumerable<byte[]> Parts(CertificateFields fields, CertificateFields issuer, byte[] algorithm)
    {
        if (fields.Version is { } version)
        {
            yield return Encode.Tagged(0, Encode.Of(writer => writer.WriteInteger(version)));
        }

        yield return Encode.Of(writer => writer.WriteInteger(fields.Serial));
        yield return algorithm;
        yield return fields.Issuer ?? issuer.Subject;
        yield return Encode.Sequence(fields.NotBefore, fields.NotAfter);
        yield return fields.Subject;
        yield return fields.PublicKeyInfo ?? fields.Key.Info;
        var extensions = fields.NamesIssuerKey && issuer != fields
            ? fields.Extensions.Insert(0, (Oids.AuthorityKeyIdentifier, false, Encode.Sequence(Encode.Octets(issuer.Key.Identifier, 0))))
            : fields.Extensions;
        if (extensions.Count > 0)
        {
            yield return Encode.Tagged(3, Encode.Sequence(extensions.Select(Extension)));
        }
    }

    private static byte[] Extension((string Oid, bool IsCritical, byte[] Value) extension) => Encode.Of(writer =>
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(extension.Oid);
        if (extension.IsCritical)
        {
            writer.WriteBoolean(true);
        }

        writer.WriteOctetString(extension.Value);
    });
}
