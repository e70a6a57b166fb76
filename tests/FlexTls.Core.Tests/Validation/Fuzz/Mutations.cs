namespace FlexTls.Validation.Fuzz;

/// <summary>Changes of one field, to values at the edges of the rules and to ones that cannot be read.</summary>
internal static class Mutations
{
    /// <summary>What is left as it is of a key, so that what comes after it keeps its place.</summary>
    private const int HeaderLength = 4;

    private const string Unknown = "1.3.6.1.4.1.99999.1";

    private static readonly Func<Random, CertificateFields, CertificateFields>[] All =
    [
        AlternativeNames, AlternativeNames, NameConstraints, NameConstraints, Usages, Usages, KeyUsage, BasicConstraints, Dates, Dates, Key, Subject, Issuer,
        KeyIdentifiers, Version, Signature, OtherExtension, BrokenExtension, CriticalExtension, Serial,
    ];

    public static CertificateFields Apply(Random random, CertificateFields fields) => random.Pick(All)(random, fields);

    /// <summary>Flips up to three bytes.</summary>
    public static byte[] Damage(Random random, byte[] certificate)
    {
        var damaged = (byte[])certificate.Clone();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
        }

        return damaged;
    }

    private static CertificateFields AlternativeNames(Random random, CertificateFields fields) => random.OneIn(8)
        ? fields.Without(Oids.SubjectAltName)
        : fields.With(Oids.SubjectAltName, random.OneIn(2), Encode.Sequence(random.Several(NamePools.Presented, 0, 3)));

    private static CertificateFields NameConstraints(Random random, CertificateFields fields) => random.Next(10) switch
    {
        0 => fields.Without(Oids.NameConstraints),
        1 => fields.With(Oids.NameConstraints, true, random.Pick(NamePools.OddConstraints)),
        _ => fields.With(Oids.NameConstraints, random.Next(4) > 0,
            Encode.Constraints(random.Several(NamePools.Constrained, 0, 3), random.Several(NamePools.Constrained, 0, 2))),
    };

    private static CertificateFields Usages(Random random, CertificateFields fields)
    {
        string[] known = [Oids.ServerAuth, Oids.ServerAuth, Oids.ClientAuth, Oids.AnyUsage, "1.3.6.1.5.5.7.3.9", Unknown];
        return random.OneIn(6)
            ? fields.Without(Oids.ExtendedKeyUsage)
            : fields.With(Oids.ExtendedKeyUsage, random.OneIn(2), Encode.Usages(random.Several(known, 0, 3)));
    }

    private static CertificateFields KeyUsage(Random random, CertificateFields fields) => random.OneIn(5)
        ? fields.Without(Oids.KeyUsage)
        : fields.With(Oids.KeyUsage, random.Next(4) > 0, Encode.KeyUsage(random.OneIn(2) ? 1 << random.Next(9) : random.Next(512)));

    private static CertificateFields BasicConstraints(Random random, CertificateFields fields) => random.Next(5) switch
    {
        0 => fields.Without(Oids.BasicConstraints),
        1 => fields.With(Oids.BasicConstraints, true, Encode.BasicConstraints(false)),
        2 => fields.With(Oids.BasicConstraints, false, Encode.BasicConstraints(true)),
        _ => fields.With(Oids.BasicConstraints, true, Encode.BasicConstraints(random.Next(8) > 0, random.Next(-1, 3))),
    };

    private static CertificateFields Dates(Random random, CertificateFields fields)
    {
        var second = FuzzCase.Now.AddMilliseconds(-FuzzCase.Now.Millisecond);
        byte[][] starts = [.. new[] { -86400 * 400, -1, 0, 1 }.Select(offset => Encode.Time(second.AddSeconds(offset))), Encode.Time(new(1950, 1, 1, 0, 0, 0, TimeSpan.Zero)), Fraction(second)];
        byte[][] ends =
        [
            .. new[] { -86400, -1, -1, 0, 0, 1, 86400 * 400 }.Select(offset => Encode.Time(second.AddSeconds(offset))),
            Encode.Time(new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero)), Fraction(second), Encode.Of(writer => writer.WriteNull()),
        ];
        return random.OneIn(2) ? fields with { NotAfter = random.Pick(ends) } : fields with { NotBefore = random.Pick(starts) };

        static byte[] Fraction(DateTimeOffset second) => Encode.Of(writer => writer.WriteGeneralizedTime(second.AddMilliseconds(100), omitFractionalSeconds: false));
    }

    private static CertificateFields Key(Random random, CertificateFields fields) => random.Next(8) switch
    {
        0 => fields with { Signer = random.Pick(FuzzKey.Others) },
        1 => fields with { PublicKeyInfo = [.. fields.Key.Info[..HeaderLength], .. Damage(random, fields.Key.Info[HeaderLength..])] },
        _ => fields with { Key = random.Pick(FuzzKey.Others) },
    };

    private static CertificateFields Subject(Random random, CertificateFields fields) => fields with { Subject = random.Pick(NamePools.Subjects) };

    private static CertificateFields Issuer(Random random, CertificateFields fields) => fields with { Issuer = random.Pick(NamePools.Subjects) };

    private static CertificateFields KeyIdentifiers(Random random, CertificateFields fields) => random.Next(6) switch
    {
        0 => fields.Without(Oids.SubjectKeyIdentifier),
        1 => fields.With(Oids.SubjectKeyIdentifier, false, Encode.Octets(FuzzKey.Foreign.Identifier)),
        2 => fields.With(Oids.SubjectKeyIdentifier, true, Encode.Octets(fields.Key.Identifier)),
        3 => fields with { NamesIssuerKey = false },
        4 => (fields with { NamesIssuerKey = false }).With(Oids.AuthorityKeyIdentifier, false, Encode.Sequence(Encode.Octets(FuzzKey.Foreign.Identifier, 0))),
        _ => (fields with { NamesIssuerKey = false }).With(Oids.AuthorityKeyIdentifier, false,
            Encode.Sequence(Encode.Tagged(1, Encode.Directory(NamePools.Subjects[0])), Encode.Octets([7], 2))),
    };

    private static CertificateFields Version(Random random, CertificateFields fields) => random.OneIn(3)
        ? fields with { Version = null, NamesIssuerKey = false, Extensions = [] }
        : fields with { Version = random.Pick<int?>([null, 0, 1, 3, -1]) };

    private static CertificateFields Signature(Random random, CertificateFields fields) => random.OneIn(4)
        ? fields with { OuterAlgorithm = FuzzKey.Root.With(random.Pick(Enum.GetValues<FuzzHash>())).Algorithm }
        : fields with { Hash = random.Pick(Enum.GetValues<FuzzHash>()) };

    private static CertificateFields OtherExtension(Random random, CertificateFields fields)
    {
        var isCritical = random.OneIn(2);
        return random.Next(6) switch
        {
            0 => fields.With(Oids.PolicyConstraints, isCritical, Encode.Sequence(Encode.Octets([0], 0))),
            1 => fields.With(Oids.InhibitAnyPolicy, isCritical, Encode.Of(writer => writer.WriteInteger(0))),
            2 => fields.With(Oids.CertificatePolicies, isCritical, Encode.Sequence(Encode.Sequence(Encode.Of(writer => writer.WriteObjectIdentifier(Unknown))))),
            3 => fields.With(Oids.IssuerAltName, isCritical, Encode.Sequence(Encode.Dns("issuer.example"))),
            4 => fields with { Extensions = fields.Extensions.AddRange(fields.Extensions.Take(1)) },
            _ => fields.With(Unknown, isCritical, [5, 0]),
        };
    }

    private static CertificateFields CriticalExtension(Random random, CertificateFields fields) => fields.Extensions.Count == 0
        ? fields
        : random.Pick(fields.Extensions) is var chosen ? fields.With(chosen.Oid, !chosen.IsCritical, chosen.Value) : fields;

    private static CertificateFields BrokenExtension(Random random, CertificateFields fields)
    {
        if (fields.Extensions.Count == 0)
        {
            return fields;
        }

        var (oid, isCritical, value) = random.Pick(fields.Extensions);
        return fields.With(oid, isCritical, random.Next(5) switch
        {
            0 => value[..^1],
            1 => [.. value, 0],
            2 => [.. value, 5, 0],
            3 => Encode.Of(writer => writer.WriteNull()),
            _ => Damage(random, value),
        });
    }

    private static CertificateFields Serial(Random random, CertificateFields fields) =>
        fields with { Serial = random.Pick<byte[]>([[0], [0xFF], [.. Enumerable.Repeat((byte)0x5A, 30)]]) };
}
