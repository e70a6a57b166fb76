using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FlexTls;

/// <summary>
/// Finds out what a server supports, with one small offer after the other. It trusts nobody, presents nothing and sends
/// no request.
/// </summary>
/// <param name="address">Where to connect to.</param>
/// <param name="server">The server.</param>
/// <param name="pause">How long to wait between connections.</param>
/// <param name="begin">Is told what each connection is for.</param>
internal sealed class ServerProbe(IPAddress address, ServerAddress server, TimeSpan pause, Action<string> begin)
{
    private static readonly TlsVersion[] Versions = [TlsVersion.Tls13, TlsVersion.Tls12, TlsVersion.Tls11];
    private static readonly string[] Protocols = ["h2", "http/1.1"];

    private static readonly Dictionary<TlsVersion, IReadOnlyList<CipherSuiteInfo>> Candidates =
        Versions.ToDictionary(version => version, FindCandidates);

    // With the one that has found the address.
    private int _connections = 1;

    /// <summary>
    /// How many connections a probe makes at most, with the one that finds the address and the one at the end.
    /// </summary>
    public static int MostConnections { get; } =
        Versions.Length + Candidates.Values.Sum(suites => suites.Count) + Protocols.Length + 2;

    /// <exception cref="UnusableException">The server does not answer, or not any more.</exception>
    public async Task<ProbedServer> RunAsync(CancellationToken cancellationToken)
    {
        var (versions, suites) = (new List<TlsVersion>(), new List<(TlsVersion Version, CipherSuiteInfo Suite)>());
        string? failure = null;
        foreach (var version in Versions)
        {
            var look = await LookAsync(
                Words.Of(version), version, Candidates[version], [], cancellationToken, mayBeSilent: versions.Count > 0)
                .ConfigureAwait(false);
            failure ??= look.Failure;
            if (!look.AcceptsOffer)
            {
                continue;
            }

            versions.Add(version);
            foreach (var suite in Candidates[version])
            {
                if (await HasAsync(version, suite, cancellationToken).ConfigureAwait(false))
                {
                    suites.Add((version, suite));
                }
            }
        }

        return versions.Count == 0 ? new ProbedServer([], [], []) { Failure = failure }
            : await FinishAsync(versions, suites, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Adds the protocols, and what the server shows to exactly the offer of the policy: with other suites it may have
    /// another certificate.
    /// </summary>
    private async Task<ProbedServer> FinishAsync(
        List<TlsVersion> versions, List<(TlsVersion Version, CipherSuiteInfo Suite)> suites,
        CancellationToken cancellationToken)
    {
        var highest = versions[0];
        var protocols = new List<string>();
        var areKnown = true;
        foreach (var protocol in Protocols)
        {
            var look = await LookAsync(protocol, highest, Candidates[highest], [protocol], cancellationToken)
                .ConfigureAwait(false);
            areKnown &= look.Failure is null || !look.AsksForCertificate;
            if (look.ApplicationProtocol == protocol)
            {
                protocols.Add(protocol);
            }
        }

        var found = new ProbedServer(versions, suites, areKnown ? protocols : null);
        var last = await LookAsync(
            "all of it", highest, found.BestSuites, found.Protocols ?? Protocols, cancellationToken)
            .ConfigureAwait(false);

        // A server that begins to refuse connections would seem to support less than it does.
        return last.AcceptsOffer && (highest == TlsVersion.Tls13 || found.BestSuites.Count > 0)
            ? found with
            {
                Chain = last.Chain,
                AsksForCertificate = last.AsksForCertificate,
                RequiresCertificate = last.RequiresCertificate,
                Connections = _connections,
            }
            : throw new UnusableException(string.Create(
                CultureInfo.InvariantCulture,
                $"{server} stopped answering within {_connections} connections: it may limit them. Try later."));
    }

    /// <summary>The suites that can be chosen, are possible in a version, and that the platform has.</summary>
    private static IReadOnlyList<CipherSuiteInfo> FindCandidates(TlsVersion version) =>
        version == TlsVersion.Tls13 ? []
        : [.. CipherSuiteCatalog.All.Where(suite =>
            suite.Versions.Contains(version) && !suite.NeedsPreSharedKey && PlatformHas(version, suite))];

    private static bool PlatformHas(TlsVersion version, CipherSuiteInfo suite)
    {
        try
        {
            new TlsContextFactory().Create(Offers.Of(version, version, [suite], []));
            return true;
        }
        catch (TlsPolicyException)
        {
            return false;
        }
    }

    private async Task<bool> HasAsync(TlsVersion version, CipherSuiteInfo suite, CancellationToken cancellationToken)
    {
        var look = await LookAsync($"{Words.Of(version)}, {suite.Name}", version, [suite], [], cancellationToken)
            .ConfigureAwait(false);
        return look.AcceptsOffer;
    }

    private async Task<ServerLook> LookAsync(
        string what, TlsVersion version, IReadOnlyList<CipherSuiteInfo> suites, IReadOnlyList<string> alpn,
        CancellationToken cancellationToken, bool mayBeSilent = false)
    {
        _connections++;
        await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        begin(string.Create(
            CultureInfo.InvariantCulture, $"{_connections} of at most {MostConnections}: {what}"));
        try
        {
            return await ServerLook.AtAsync(
                address, server, Offers.Of(version, version, suites, alpn), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (mayBeSilent)
        {
            // Some firewalls drop the hello of an old version.
            return ServerLook.OfSilence(e.Message);
        }
        catch (Exception e) when (e is TimeoutException or SocketException)
        {
            throw new UnusableException(string.Create(
                CultureInfo.InvariantCulture,
                $"{server}: {SafeText.Of(e.Message)}, in connection {_connections} ({what})"));
        }
    }
}
