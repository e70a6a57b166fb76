using System.Formats.Asn1;
using System.Numerics;

namespace FlexTls.Validation.Fuzz;

/// <summary>A certificate as the test reads it: all of it at once, and what is odd makes the whole unreadable.</summary>
internal sealed class ReadCertificate
{
    private readonly Dictionary<string, (bool IsCritical, ReadOnlyMemory<byte> Value)> _extensions = [];

    private ReadCertificate(byte[] certificate, bool isForItself)
    {
        Raw = certificate;
        var outer = Whole(Reader(certificate), reader => reader.ReadSequence());
        Signed = outer.PeekEncodedValue();
        var fields = outer.ReadSequence();
        OuterAlgorithm = outer.ReadEncodedValue();
        Signature = outer.ReadBitString(out _);
        outer.ThrowIfNotEmpty();

        Version = fields.PeekTag() == Tag(0, true) ? (int)Whole(fields.ReadSequence(Tag(0)), reader => reader.ReadInteger()) + 1 : 1;
        Serial = fields.ReadInteger();
        Algorithm = fields.ReadEncodedValue();
        Issuer = ReadName.Of(fields.ReadEncodedValue());
        var dates = fields.ReadSequence();
        (NotBefore, NotAfter) = (Time(dates), Time(dates));
        dates.ThrowIfNotEmpty();
        Subject = ReadName.Of(fields.ReadEncodedValue());
        PublicKeyInfo = fields.ReadEncodedValue();
        if (fields.HasData)
        {
            var list = Whole(fields.ReadSequence(Tag(3)), reader => reader.ReadSequence());
            while (list.HasData)
            {
                var extension = list.ReadSequence();
                var oid = extension.ReadObjectIdentifier();
                var isCritical = extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean();
                _extensions.Add(oid, (isCritical, extension.ReadOctetString()));
                extension.ThrowIfNotEmpty();
            }
        }

        fields.ThrowIfNotEmpty();
        Names = Read(Oids.SubjectAltName, Sequence(ReadGeneralName.Of)) ?? [];
        if (isForItself)
        {
            return;
        }

        (IsAuthority, PathLength) = Read(Oids.BasicConstraints, BasicConstraints) ?? (Version < 3 && Subject.Equals(Issuer), null);
        KeyIdentifier = Read(Oids.SubjectKeyIdentifier, reader => new ReadOnlyMemory<byte>(reader.ReadOctetString()));
        (IssuerKeyIdentifier, IssuerSerial) = Read(Oids.AuthorityKeyIdentifier, AuthorityKeyIdentifier) ?? (null, null);
        KeyUsage = Read<int>(Oids.KeyUsage, reader => KeyUsageBits(reader.ReadBitString(out _)));
        Usages = _extensions.ContainsKey(Oids.ExtendedKeyUsage) ? Read(Oids.ExtendedKeyUsage, Sequence(reader => reader.ReadObjectIdentifier())) : null;
        try
        {
            (Permitted, Excluded) = Read<(List<ReadGeneralName>, List<ReadGeneralName>)>(Oids.NameConstraints, Constraints) ?? ([], []);
        }
        catch (AsnContentException)
        {
            HasUnreadableConstraints = true;
        }
    }

    public byte[] Raw { get; }

    public ReadOnlyMemory<byte> Signed { get; }

    public ReadOnlyMemory<byte> Algorithm { get; }

    public ReadOnlyMemory<byte> OuterAlgorithm { get; }

    public byte[] Signature { get; }

    public int Version { get; }

    public BigInteger Serial { get; }

    public ReadName Issuer { get; }

    public ReadName Subject { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public ReadOnlyMemory<byte> PublicKeyInfo { get; }

    public bool IsAuthority { get; }

    public int? PathLength { get; }

    /// <summary>digitalSignature is the lowest bit; <see langword="null"/>: all.</summary>
    public int? KeyUsage { get; }

    public List<string>? Usages { get; }

    public List<ReadGeneralName> Names { get; }

    public List<ReadGeneralName> Permitted { get; } = [];

    public List<ReadGeneralName> Excluded { get; } = [];

    /// <summary>Which matters where they are applied: a server's certificate certifies nobody.</summary>
    public bool HasUnreadableConstraints { get; }

    public ReadOnlyMemory<byte>? KeyIdentifier { get; }

    public ReadOnlyMemory<byte>? IssuerKeyIdentifier { get; }

    public BigInteger? IssuerSerial { get; }

    public IEnumerable<string> CriticalExtensions => _extensions.Where(extension => extension.Value.IsCritical).Select(extension => extension.Key);

    public bool IsSelfIssued => Subject.Equals(Issuer);

    /// <summary><see langword="null"/>: it cannot be read.</summary>
    public static ReadCertificate? Of(byte[] certificate) => Of(certificate, isForItself: false);

    /// <summary>Without the extensions that are about others, and about usages; <see langword="null"/>: it cannot be read.</summary>
    public static ReadCertificate? ForItself(byte[] certificate) => Of(certificate, isForItself: true);

    private static ReadCertificate? Of(byte[] certificate, bool isForItself)
    {
        try
        {
            return new ReadCertificate(certificate, isForItself);
        }
        catch (Exception e) when (e is AsnContentException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private T? Read<T>(string oid, Func<AsnReader, T> read)
        where T : struct => _extensions.TryGetValue(oid, out var extension) ? Whole(Reader(extension.Value), read) : null;

    private List<T>? Read<T>(string oid, Func<AsnReader, List<T>> read) =>
        _extensions.TryGetValue(oid, out var extension) ? Whole(Reader(extension.Value), read) : null;

    private static (ReadOnlyMemory<byte>? KeyIdentifier, BigInteger? Serial) AuthorityKeyIdentifier(AsnReader reader) => Whole(reader.ReadSequence(), fields =>
    {
        var identifier = fields.HasData && fields.PeekTag() == Tag(0) ? fields.ReadOctetString(Tag(0)) : (ReadOnlyMemory<byte>?)null;
        if (fields.HasData && fields.PeekTag() == Tag(1, true))
        {
            fields.ReadEncodedValue();
        }

        return (identifier, fields.HasData ? fields.ReadInteger(Tag(2)) : (BigInteger?)null);
    });

    private static (bool, int?) BasicConstraints(AsnReader reader) => Whole(reader.ReadSequence(), fields =>
        (fields.HasData && fields.PeekTag() == Asn1Tag.Boolean && fields.ReadBoolean(), fields.HasData ? Length(fields.ReadInteger()) : null));

    private static int? Length(BigInteger length) => length.Sign >= 0 ? (int)length : throw new AsnContentException("a negative path length");

    private static int KeyUsageBits(byte[] bytes) => Enumerable.Range(0, bytes.Length * 8).Where(bit => (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0).Sum(bit => 1 << bit);

    private static Func<AsnReader, List<T>> Sequence<T>(Func<AsnReader, T> read) => reader =>
    {
        var (items, list) = (reader.ReadSequence(), new List<T>());
        do
        {
            list.Add(read(items));
        }
        while (items.HasData);
        return list;
    };

    private static (List<ReadGeneralName> Permitted, List<ReadGeneralName> Excluded) Constraints(AsnReader reader)
    {
        var lists = reader.ReadSequence();
        var isEmpty = !lists.HasData;
        var result = (Subtrees(0), Subtrees(1));
        lists.ThrowIfNotEmpty();
        return isEmpty ? throw new AsnContentException("no constraints") : result;

        List<ReadGeneralName> Subtrees(int tag)
        {
            if (!lists.HasData || lists.PeekTag() != Tag(tag, true))
            {
                return [];
            }

            var (items, list) = (lists.ReadSequence(Tag(tag)), new List<ReadGeneralName>());
            do
            {
                list.Add(Whole(items.ReadSequence(), Subtree));
            }
            while (items.HasData);
            return list;
        }
    }

    /// <summary>A minimum is zero, which need not be written, and a maximum is not there (RFC 5280).</summary>
    private static ReadGeneralName Subtree(AsnReader fields)
    {
        var name = ReadGeneralName.Of(fields);
        return !fields.HasData || fields.ReadInteger(Tag(0)).IsZero ? name : throw new AsnContentException("a minimum");
    }

    private static DateTimeOffset Time(AsnReader reader) => reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : Whole(reader.ReadGeneralizedTime());

    /// <summary>Fractions of seconds are ruled out (RFC 5280, section 4.1.2.5.2).</summary>
    private static DateTimeOffset Whole(DateTimeOffset time) => time.Millisecond == 0 ? time : throw new AsnContentException("a fraction of a second");

    private static AsnReader Reader(ReadOnlyMemory<byte> value) => new(value, AsnEncodingRules.DER);

    private static T Whole<T>(AsnReader reader, Func<AsnReader, T> read)
    {
        var value = read(reader);
        reader.ThrowIfNotEmpty();
        return value;
    }

    private static Asn1Tag Tag(int tag, bool isConstructed = false) => new(TagClass.ContextSpecific, tag, isConstructed);
}
