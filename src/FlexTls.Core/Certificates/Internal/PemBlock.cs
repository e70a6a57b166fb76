namespace FlexTls.Certificates;

/// <summary>One decoded PEM block (RFC 7468), with the line of the text on which its BEGIN stands, counted from 0.</summary>
internal sealed record PemBlock(string Label, byte[] Data, int Line)
{
    /// <summary>The label alone: the data may be a private key.</summary>
    public override string ToString() => Label;
}
