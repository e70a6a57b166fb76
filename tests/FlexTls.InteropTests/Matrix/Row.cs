namespace FlexTls.Interop;

/// <summary>A row of the matrix: a port, what the policy says, and how it is to end.</summary>
internal sealed record Row(string Name, ServerPort Port)
{
    public Outcome Outcome { get; init; } = Outcome.Connects;

    /// <summary>The only version that the policy has; <see langword="null"/>: the defaults.</summary>
    public TlsVersion? Version { get; init; }

    /// <summary>The suite that must be negotiated; <see langword="null"/>: any of the defaults.</summary>
    public CipherSuiteInfo? Suite { get; init; }

    /// <summary>What is offered; <see langword="null"/>: the defaults.</summary>
    public IReadOnlyList<string>? Alpn { get; init; }

    public ClientIdentityKind Client { get; init; }

    /// <summary>The code of the refusal by us.</summary>
    public string? Code { get; init; }

    /// <summary>Whether it is there for its protocols, and so offers them to every server.</summary>
    public bool IsAboutAlpn => Name.StartsWith("ALPN", StringComparison.Ordinal);

    /// <summary>The policy.</summary>
    /// <param name="pki">Where its certificates come from.</param>
    /// <param name="withAlpn">Whether the server can be offered application protocols at all.</param>
    public OutboundTlsOptions Options(InteropPki pki, bool withAlpn)
    {
        return new OutboundTlsOptions
        {
            TrustedCA = pki.RootPem,
            MinVersion = Version,
            MaxVersion = Version,
            Ciphers = Suite is null or { IsTls13: true } ? null : [Suite.Suite],
            Alpn = !withAlpn && !IsAboutAlpn ? [] : Alpn is null ? null : [.. Alpn],
            Certificate = Client switch
            {
                ClientIdentityKind.Trusted => pki.Client,
                ClientIdentityKind.OfTheRoot => pki.ClientOfTheRoot,
                ClientIdentityKind.Foreign => pki.ForeignClient,
                _ => null,
            },
        };
    }

    public override string ToString() => Name;
}
