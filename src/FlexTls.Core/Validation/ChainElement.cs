using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// A certificate of a chain, whether it is one of the policy's own anchors, and the platform's findings about it.
/// </summary>
internal readonly record struct ChainElement(
    DecodedCertificate Certificate, bool IsOwnAnchor, X509ChainStatus[] Findings);
