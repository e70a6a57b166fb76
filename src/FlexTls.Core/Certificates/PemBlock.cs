namespace FlexTls;

/// <summary>A decoded PEM block (RFC 7468), with the line number of its BEGIN in the text, counted from 0.</summary>
internal sealed record PemBlock(string Label, byte[] Data, int Line)
{
    private static readonly string[] Known =
    [
        "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST",
        "X509 CRL", "PUBLIC KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
        "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PKCS7", "CMS", "EC PARAMETERS", "DH PARAMETERS",
    ];

    /// <summary>Whether a text is a known label, whatever the case of its letters.</summary>
    public static bool IsLabel(string text) => Known.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is a certificate, under the name of RFC 7468 or the older one.</summary>
    public bool IsCertificate => Label is "CERTIFICATE" or "X509 CERTIFICATE";

    /// <summary>Whether it is a private key, in any form.</summary>
    public bool IsPrivateKey => Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);

    /// <summary>Whether it accompanies keys, and only repeats what they contain or concerns servers.</summary>
    public bool IsParameters => Label is "EC PARAMETERS" or "DH PARAMETERS";

    /// <summary>The label in messages: an unknown label may be anything, even a part of a secret.</summary>
    public string Shown => Known.Contains(Label) ? $"'{Label}'" : "of an unknown kind";

    /// <summary>
    /// How to convert the block to the expected kind, as the end of a message; empty if that is impossible.
    /// </summary>
    public string Fix => Label switch
    {
        "TRUSTED CERTIFICATE" => "; 'openssl x509 -in FILE -out NEW.pem' writes it without OpenSSL's own trust "
            + "settings",
        "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST" => "; a CA makes a certificate of it",
        "PKCS7" or "CMS" => "; 'openssl pkcs7 -print_certs -in FILE -out NEW.pem' writes the certificates in it",
        "OPENSSH PRIVATE KEY" => "; 'ssh-keygen -p -m PKCS8 -f FILE' converts it",
        "X509 CRL" => "; remove it",
        _ => "",
    };

    /// <summary>Only the label: the data may be a private key.</summary>
    public override string ToString() => Shown;
}
