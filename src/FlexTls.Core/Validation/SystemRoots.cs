using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The readable certificates that the operating system trusts, only for finding paths. The platform decides whether
/// such a path is trusted.
/// </summary>
internal sealed class SystemRoots
{
    // The platform reads its stores again after at most five minutes; so does this class.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static SystemRoots? _current;
    private readonly long _readAt = Environment.TickCount64;
    private readonly ILookup<DistinguishedName, DecodedCertificate> _bySubject;

    private SystemRoots() =>
        _bySubject = new[] { StoreLocation.LocalMachine, StoreLocation.CurrentUser }.SelectMany(Read)
            .ToLookup(root => root.SubjectName);

    public static SystemRoots Current
    {
        get
        {
            var current = Volatile.Read(ref _current);
            if (current is null || Environment.TickCount64 - current._readAt > Lifetime.TotalMilliseconds)
            {
                current = new SystemRoots();
                Volatile.Write(ref _current, current);
            }

            return current;
        }
    }

    /// <summary>Whether the stores are empty, as in a container without ca-certificates.</summary>
    public bool IsEmpty => _bySubject.Count == 0;

    public IEnumerable<DecodedCertificate> Named(DistinguishedName subject) => _bySubject[subject];

    public bool Contains(DecodedCertificate certificate) => Named(certificate.SubjectName).Any(certificate.Is);

    /// <summary>
    /// The subject of the CA above a client certificate, by the names of its issuers; <see langword="null"/>: it is
    /// none of these.
    /// </summary>
    public string? FindAbove(ClientIdentity identity)
    {
        try
        {
            var certificate = DecodedCertificate.Of(identity.Leaf);
            var intermediates = identity.Intermediates.Select(DecodedCertificate.Of).ToList();
            for (var i = 0; i <= intermediates.Count && !certificate.IsSelfIssued; i++)
            {
                var issuer = certificate.IssuerName;
                if (Named(issuer).FirstOrDefault() is { } root)
                {
                    return NameText.Of(root.Subject);
                }

                certificate = intermediates.Find(one => one.SubjectName.Equals(issuer)) ?? certificate;
            }
        }
        catch (AsnContentException)
        {
            // Servers judge it; here it only has no CA that is known.
        }

        return null;
    }

    private static List<DecodedCertificate> Read(StoreLocation location)
    {
        var roots = new List<DecodedCertificate>();
        try
        {
            using var store = new X509Store(StoreName.Root, location, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            foreach (var certificate in store.Certificates)
            {
                if (Decode(certificate) is { } root)
                {
                    roots.Add(root);
                }
            }
        }
        catch (CryptographicException)
        {
            // A missing store has no roots: no paths to them are found, and nothing becomes trusted.
        }

        return roots;
    }

    private static DecodedCertificate? Decode(X509Certificate2 certificate)
    {
        try
        {
            var root = DecodedCertificate.Of(certificate);
            _ = root.SubjectName;
            return root;
        }
        catch (AsnContentException)
        {
            certificate.Dispose();
            return null;
        }
    }
}
