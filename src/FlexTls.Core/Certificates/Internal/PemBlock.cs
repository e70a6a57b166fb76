namespace FlexTls.Certificates;

/// <summary>One decoded PEM block (RFC 7468), with the line of the text on which its BEGIN stands, counted from 0.</summary>
internal sealed record PemBlock(string Label, byte[] Data, int Line)
{
    private static readonly string[] Known =
        ["CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL", "PUBLIC KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PKCS7"];

    /// <summary>The label as a message may show it: one that is not known may be anything, even a part of a secret.</summary>
    public string Shown => Known.Contains(Label) ? $"'{Label}'" : "of an unknown kind";

    /// <summary>The label alone: the data may be a private key.</summary>
    public override string ToString() => Shown;
}
