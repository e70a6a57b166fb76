namespace FlexTls.TestKit;

/// <summary>The keys that certificates are made with; the weak ones are for refusals.</summary>
public enum KeyKind
{
    EcP256,
    EcP384,
    EcSecp256k1,
    Rsa1024,
    Rsa2048,
}
