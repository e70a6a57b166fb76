using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>What a policy must trust, and which name it must expect, for a presented chain to be accepted.</summary>
/// <param name="Anchor">The certificate to trust; <see langword="null"/>: the operating system's CAs suffice.</param>
/// <param name="Name">The name to expect instead of the host; <see langword="null"/>: the host.</param>
/// <param name="Failures">Why no policy accepts the chain; empty: this one does.</param>
internal sealed record ProposedTrust(
    X509Certificate2? Anchor, string? Name, IReadOnlyList<ServerCertificateFailure> Failures)
{
    private const int MostNames = 5;

    /// <summary>Judges the chain under policies that trust ever more of what it presents.</summary>
    /// <param name="chain">The presented certificates; not empty.</param>
    /// <param name="host">The host of the connection.</param>
    /// <param name="confirmed">A presented certificate that the user has confirmed; it is the one to trust.</param>
    public static ProposedTrust Of(IReadOnlyList<X509Certificate2> chain, string host, X509Certificate2? confirmed)
    {
        IEnumerable<X509Certificate2?> anchors = confirmed is null ? [null, .. chain.Reverse()] : [confirmed];

        // Texts of a stranger, one of which becomes part of the policy.
        var names = CertificateText.Names(chain[0]).Where(one => Uri.CheckHostName(one) != UriHostNameType.Unknown)
            .Take(MostNames).Prepend(null);
        var tried = (
            from name in names
            from anchor in anchors
            select new ProposedTrust(anchor, name, Judge(chain, host, anchor, name))).ToList();
        return tried.Find(one => one.Failures.Count == 0) ?? tried[0];
    }

    private static IReadOnlyList<ServerCertificateFailure> Judge(
        IReadOnlyList<X509Certificate2> chain, string host, X509Certificate2? anchor, string? name)
    {
        var options = new OutboundTlsOptions
        {
            TrustAnchors = anchor is null ? null : [anchor],
            Extensions = name is null ? null
                : new() { SubjectAltNames = [new() { Type = TypeOf(name), Value = name }] },
        };
        if (OutboundTlsPolicy.TryCreate(options, out var policy, out var faults))
        {
            var context = new TlsContextFactory().Create(policy);
            return context.ValidateServerCertificate(chain[0], [.. chain.Skip(1)], host).Failures;
        }

        return [.. faults.Select(fault => new ServerCertificateFailure { Code = fault.Code, Message = fault.Message })];
    }

    /// <summary>The type of a name in <c>subjectAltNames</c>.</summary>
    public static string TypeOf(string name) => System.Net.IPAddress.TryParse(name, out _) ? "IP" : "DNS";
}
