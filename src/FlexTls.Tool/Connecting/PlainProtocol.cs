namespace FlexTls;

/// <summary>What is spoken before TLS begins.</summary>
internal enum PlainProtocol
{
    /// <summary>Nothing: the connection begins with TLS.</summary>
    None,

    /// <summary>SMTP with STARTTLS (RFC 3207).</summary>
    Smtp,

    /// <summary>IMAP with STARTTLS (RFC 9051, section 6.2.1).</summary>
    Imap,

    /// <summary>PostgreSQL with SSLRequest.</summary>
    Postgres,
}
