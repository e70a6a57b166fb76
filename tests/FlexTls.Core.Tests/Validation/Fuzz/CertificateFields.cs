using System.Collections.Immutable;

namespace FlexTls.Validation.Fuzz;

/// <summary>The fields of a certificate before it is signed; each can be made wrong by itself.</summary>
internal sealed record CertificateFields(byte[] Subject, FuzzKey Key)
{
    /// <summary>As encoded: 2 is version 3; <see langword="null"/>: not written.</summary>
    public int? Version { get; init; } = 2;

    public byte[] Serial { get; init; } = [0x2A];

    /// <summary><see langword="null"/>: the issuer's subject.</summary>
    public byte[]? Issuer { get; init; }

    public required byte[] NotBefore { get; init; }

    public required byte[] NotAfter { get; init; }

    /// <summary><see langword="null"/>: that of the key.</summary>
    public byte[]? PublicKeyInfo { get; init; }

    public FuzzHash Hash { get; init; }

    /// <summary><see langword="null"/>: the issuer's.</summary>
    public FuzzKey? Signer { get; init; }

    /// <summary>What stands beside the signature; <see langword="null"/>: the same as in the signed part.</summary>
    public byte[]? OuterAlgorithm { get; init; }

    public ImmutableList<(string Oid, bool IsCritical, byte[] Value)> Extensions { get; init; } = [];

    /// <summary>Whether the authority key identifier of the issuer's key is written.</summary>
    public bool NamesIssuerKey { get; init; } = true;

    public CertificateFields With(string oid, bool isCritical, byte[] value) =>
        this with { Extensions = Extensions.RemoveAll(extension => extension.Oid == oid).Add((oid, isCritical, value)) };

    public CertificateFields Without(string oid) => this with { Extensions = Extensions.RemoveAll(extension => extension.Oid == oid) };
}
