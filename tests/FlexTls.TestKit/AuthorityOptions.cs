using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>What a test wants in the certificate of a CA; untouched, it is a good one.</summary>
public sealed record AuthorityOptions
{
    public KeyKind Key { get; init; } = KeyKind.EcP256;

    /// <summary>How many CA certificates may follow; <see langword="null"/>: any number.</summary>
    public int? PathLength { get; init; }

    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UtcNow.AddDays(-2);

    public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow.AddDays(200);

    /// <summary>Extensions that are added; one of a kind that is there already takes its place.</summary>
    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    /// <summary>The object identifiers of extensions that are left out.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}
