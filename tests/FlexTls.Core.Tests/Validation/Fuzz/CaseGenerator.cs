using System.Runtime.CompilerServices;

namespace FlexTls.Validation.Fuzz;

/// <summary>
/// Makes cases: a good PKI of one to four certificates, of which a few fields are changed before they are signed. The same
/// number gives the same case, but for what is random in signatures.
/// </summary>
internal sealed class CaseGenerator(int seed)
{
    private const int CertSignAndCrlSign = 0b0000_0110_0;
    private const int DigitalSignature = 0b1000_0000_0;
    private static readonly CertificateFields EcRoot = Authority(NamePools.Subjects[0], FuzzKey.Root);
    private static readonly CertificateFields RsaRoot = Authority(NamePools.Subjects[0], FuzzKey.RsaRoot);
    private static readonly CertificateFields Foreign = Authority(Encode.Name((Encode.CommonName, "Foreign Root")), FuzzKey.Foreign);

    // Those that nothing changed are signed once, so that contexts that trust them can be used again.
    private readonly ConditionalWeakTable<CertificateFields, byte[]> _roots = [];

    public FuzzCase Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var host = random.Pick(FuzzHost.All);
        var chain = Chain(random, host);
        var trusted = random.Next(10) switch
        {
            0 => 0,
            1 or 2 or 3 => random.Next(chain.Length),
            _ => chain.Length - 1,
        };
        Mutate(random, chain, trusted);
        var certificates = Sign(chain);
        var sent = Sent(random, chain, certificates);
        if (random.OneIn(16))
        {
            certificates[0] = Mutations.Damage(random, certificates[0]);
        }

        return new FuzzCase(host, certificates[0], sent, [certificates[trusted], Rooted(Foreign)]);
    }

    /// <summary>The server's certificate first, the root last.</summary>
    private static CertificateFields[] Chain(Random random, FuzzHost host)
    {
        var root = random.OneIn(8) ? RsaRoot : EcRoot;
        var authorities = FuzzKey.Authorities.Take(random.Next(3)).Select((key, i) => Intermediate(random, host, key, i)).Reverse();
        return [Server(random, host), .. authorities, root];
    }

    private static void Mutate(Random random, CertificateFields[] chain, int trusted)
    {
        for (var mutations = random.Pick([0, 1, 1, 1, 1, 2, 2, 3]); mutations > 0; mutations--)
        {
            var i = random.OneIn(5) ? trusted : random.OneIn(2) ? 0 : random.Next(chain.Length);
            chain[i] = Mutations.Apply(random, chain[i]);
        }
    }

    private byte[][] Sign(CertificateFields[] chain) =>
        [.. chain.Select((fields, i) => i == chain.Length - 1 ? Rooted(fields) : CertificateBuilder.Build(fields, chain[i + 1]))];

    private byte[] Rooted(CertificateFields root) => _roots.GetValue(root, fields => CertificateBuilder.Build(fields, fields));

    /// <summary>What comes beside the server's certificate: usually what is needed; at times less, more, or in another order.</summary>
    private static List<byte[]> Sent(Random random, CertificateFields[] chain, byte[][] certificates)
    {
        var sent = certificates[1..^(random.OneIn(5) ? 0 : 1)].ToList();
        if (sent.Count > 0 && random.OneIn(20))
        {
            sent.RemoveAt(random.Next(sent.Count));
        }

        if (chain.Length > 2 && random.OneIn(5))
        {
            // The same CA once more, by another root, or with other fields: a path may lead over either.
            var i = random.Next(1, chain.Length - 1);
            var twin = random.OneIn(3) ? CertificateBuilder.Build(chain[i], Foreign) : CertificateBuilder.Build(Mutations.Apply(random, chain[i]), chain[i + 1]);
            sent.Insert(random.Next(sent.Count + 1), twin);
        }

        if (sent.Count > 1 && random.OneIn(4))
        {
            sent.Reverse();
        }

        if (sent.Count > 0 && random.OneIn(30))
        {
            sent[0] = Mutations.Damage(random, sent[0]);
        }

        return sent;
    }

    private static CertificateFields Server(Random random, FuzzHost host) => Dated(random.Pick(NamePools.Subjects.Take(9).Skip(3).ToList()), FuzzKey.Server)
        .With(Oids.KeyUsage, true, Encode.KeyUsage(DigitalSignature))
        .With(Oids.ExtendedKeyUsage, false, Encode.Usages(Oids.ServerAuth))
        .With(Oids.SubjectKeyIdentifier, false, Encode.Octets(FuzzKey.Server.Identifier))
        .With(Oids.SubjectAltName, false, Encode.Sequence([random.Pick(host.Fitting), .. random.OneIn(3) ? random.Several(NamePools.Presented, 1, 1) : []]));

    private static CertificateFields Intermediate(Random random, FuzzHost host, FuzzKey key, int number)
    {
        var authority = Authority(Encode.Name((Encode.Organization, "FlexTls"), (Encode.CommonName, $"Fuzz CA {number}")), key);
        if (random.OneIn(5))
        {
            authority = authority.With(Oids.BasicConstraints, true, Encode.BasicConstraints(true, random.Next(2)));
        }

        return random.OneIn(3)
            ? authority.With(Oids.NameConstraints, true, Constraints(random, host))
            : authority;
    }

    /// <summary>Nearly always about names that are near the host's, or nearly every case would be refused for others.</summary>
    private static byte[] Constraints(Random random, FuzzHost host) => random.Next(5) switch
    {
        0 => Encode.Constraints(random.Several(NamePools.Constrained, 0, 3), random.Several(NamePools.Constrained, 1, 1)),
        1 or 2 => Encode.Constraints(random.Several(host.Near, 1, 2), []),
        _ => Encode.Constraints([], random.Several(host.Near, 1, 1)),
    };

    private static CertificateFields Authority(byte[] subject, FuzzKey key) => Dated(subject, key)
        .With(Oids.BasicConstraints, true, Encode.BasicConstraints(true))
        .With(Oids.KeyUsage, true, Encode.KeyUsage(CertSignAndCrlSign))
        .With(Oids.SubjectKeyIdentifier, false, Encode.Octets(key.Identifier));

    private static CertificateFields Dated(byte[] subject, FuzzKey key) => new(subject, key)
    {
        NotBefore = Encode.Time(FuzzCase.Now.AddDays(-100)),
        NotAfter = Encode.Time(FuzzCase.Now.AddDays(100)),
    };
}
