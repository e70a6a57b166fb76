using System.Globalization;
using System.Net;

namespace FlexTls;

/// <summary>
/// Finds out what a server can, with one small offer after the other. It trusts nobody, presents nothing and sends
/// nothing.
/// </summary>
/// <param name="address">Where to connect to.</param>
/// <param name="server">The server.</param>
/// <param name="pause">How long to wait between connections.</param>
/// <param name="begin">Is told what each connection is for.</param>
internal sealed class ServerProbe(IPAddress address, ServerAddress server, TimeSpan pause, Action<string> begin)
{
    private static readonly TlsVersion[] Versions = [TlsVersion.Tls13, TlsVersion.Tls12, TlsVersion.Tls11];
    private static readonly string[] Protocols = ["h2", "http/1.1"];

    private int _connections;

    /// <summary>How many connections a probe makes at most.</summary>
    public static int MostConnections { get; } =
        Versions.Length + Versions.Sum(version => Candidates(version).Count()) + Protocols.Length;

    /// <exception cref="System.Net.Sockets.SocketException">No connection could be made.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task<ProbedServer> RunAsync(CancellationToken cancellationToken)
    {
        var looks = new List<ServerLook>();
        var (versions, suites) = (new List<TlsVersion>(), new List<(TlsVersion Version, CipherSuiteInfo Suite)>());
        foreach (var version in Versions)
        {
            var look = await LookAsync(Words.Of(version), version, [.. Candidates(version)], [], cancellationToken)
                .ConfigureAwait(false);
            looks.Add(look);
            if (!look.HasCommonGround)
            {
                continue;
            }

            versions.Add(version);
            foreach (var suite in Candidates(version))
            {
                if (await HasAsync(version, suite, cancellationToken).ConfigureAwait(false))
                {
                    suites.Add((version, suite));
                }
            }
        }

        var protocols = new List<string>();
        var areKnown = true;
        foreach (var protocol in versions.Count == 0 ? [] : Protocols)
        {
            var look = await LookAsync(
                protocol, versions[0], [.. Candidates(versions[0])], [protocol], cancellationToken)
                .ConfigureAwait(false);
            areKnown &= look.Failure is null || !look.AsksForCertificate;
            if (look.ApplicationProtocol == protocol)
            {
                protocols.Add(protocol);
            }
        }

        return new ProbedServer(versions, suites, areKnown ? protocols : null)
        {
            Chain = looks.Find(look => look.Chain.Count > 0)?.Chain ?? [],
            AsksForCertificate = looks.Exists(look => look.AsksForCertificate),
            RequiresCertificate = looks.Exists(look => look.RequiresCertificate),
            Connections = _connections,
            Failure = versions.Count == 0 ? looks[0].Failure : null,
        };
    }

    /// <summary>The suites that can be chosen, are possible in a version, and that the platform has.</summary>
    private static IEnumerable<CipherSuiteInfo> Candidates(TlsVersion version) => version == TlsVersion.Tls13 ? []
        : CipherSuiteCatalog.All.Where(suite =>
            suite.Versions.Contains(version) && !suite.NeedsPreSharedKey && PlatformHas(version, suite));

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
        return look.HasCommonGround;
    }

    private async Task<ServerLook> LookAsync(
        string what, TlsVersion version, IReadOnlyList<CipherSuiteInfo> suites, IReadOnlyList<string> alpn,
        CancellationToken cancellationToken)
    {
        if (_connections++ > 0)
        {
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }

        begin(string.Create(
            CultureInfo.InvariantCulture, $"{_connections} of at most {MostConnections}: {what}"));
        return await ServerLook.AtAsync(
            address, server, Offers.Of(version, version, suites, alpn), cancellationToken).ConfigureAwait(false);
    }
}
