using System.Net.Security;

namespace FlexTls;

/// <summary>The part of a policy's offer that this platform supports.</summary>
internal sealed record CipherOffer(
    TlsVersionRange Versions, IReadOnlyList<TlsCipherSuite> Suites, CipherSuitesPolicy? Policy)
{
    /// <summary>Whether TLS 1.3 can be offered without a cipher suites policy, so that sessions are resumed.</summary>
    public bool CanResume { get; init; }

    /// <summary>Whether the offer without a cipher suites policy is the same, so that nothing is left out.</summary>
    public bool ResumesWhole { get; init; }

    /// <summary>The names of the groups for key exchanges, in order; empty: none, or unknown.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>
    /// The offer. Missing parts are reported, and so is a lowered security level. <see langword="null"/> if
    /// nothing is left.
    /// </summary>
    public static CipherOffer? Create(
        OutboundTlsPolicy policy, PlatformCapabilities platform, Place place, DiagnosticList diagnostics)
    {
        var suites = policy.CipherSuites.Where(suite => platform.Offers(suite, policy.Versions)).ToList();
        foreach (var missing in policy.CipherSuites.Except(suites))
        {
            diagnostics.Warning(
                DiagnosticCodes.CipherNotOnPlatform, place,
                $"{place.Path}: cipher {missing.Name} is not offered: the TLS library of this machine lacks it.");
        }

        if (policy.Versions.HighestRun(version => suites.Exists(suite => suite.Versions.Contains(version)))
            is not { } versions)
        {
            diagnostics.Error(
                DiagnosticCodes.NothingOnPlatform, place,
                $"{place.Path}: the TLS library of this machine can offer nothing of {policy.Versions} with the "
                + "policy's cipher suites.");
            return null;
        }

        if (versions != policy.Versions)
        {
            diagnostics.Warning(
                DiagnosticCodes.CipherNotOnPlatform, place,
                $"{place.Path}: the policy asks for {policy.Versions}; the TLS library of this machine can offer "
                + $"only {versions}.");
            suites.RemoveAll(suite => !versions.Overlaps(suite.Versions));
        }

        if (versions.Contains(TlsVersion.Tls11))
        {
            diagnostics.Warning(DiagnosticCodes.Tls11LowersSecurity, place,
                $"{place.Path}: TLS 1.1 is offered, which lowers the security level of the TLS library: SHA-1 "
                + $"signatures are accepted{(versions.Max > TlsVersion.Tls11 ? ", in TLS 1.2 too" : "")}; "
                + "raise minversion as soon as the server allows it.");
        }

        if (!platform.SelectsCipherSuites)
        {
            diagnostics.Warning(DiagnosticCodes.CiphersNotSelectable, place,
                $"{place.Path}: this platform offers the suites that the machine is configured with; a connection that "
                + "negotiates another suite than the policy's is refused.");
        }

        var codePoints = suites.Select(suite => suite.Suite).ToList();
        var resumable = versions.Max == TlsVersion.Tls13 ? platform.ResumableWithin(codePoints) : [];
        var resumesWhole = versions.Min == TlsVersion.Tls13 && resumable.Count == codePoints.Count;
        if (resumesWhole)
        {
            // The order of every offer, with or without a policy for it.
            codePoints = [.. resumable];
        }

        return new CipherOffer(
            versions, codePoints, platform.SelectsCipherSuites ? CipherSuitesPolicies.Create(codePoints) : null)
        {
            CanResume = resumable.Count > 0,
            ResumesWhole = resumesWhole,
            Groups = suites.Exists(suite => suite.UsesGroups) ? platform.GroupsOf(versions) : [],
        };
    }
}
