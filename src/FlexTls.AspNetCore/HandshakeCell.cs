using System.Globalization;

namespace FlexTls;

/// <summary>What the last handshake has negotiated.</summary>
internal static class HandshakeCell
{
    public static void Write(PageWriter page, TlsHandshakeSummary? handshake, bool hasConnections)
    {
        if (handshake is null)
        {
            page.Write($"<span class=\"muted\">{(hasConnections ? "unknown" : "none yet")}</span>");
            if (hasConnections)
            {
                page.Write($"<small>plain HTTP, not finished, or hidden by a PlaintextStreamFilter</small>");
            }

            return;
        }

        page.Write($"{VersionOf(handshake.Version)}, <bdi>{handshake.ApplicationProtocol ?? "no ALPN"}</bdi>");
        page.Write($"<small>{handshake.CipherSuite.ToString()}</small>");
        if (handshake.KeyExchangeGroup is { } group)
        {
            page.Write($"<small>{group}{(handshake.IsPostQuantum == true ? ", post-quantum" : "")}</small>");
        }

        page.Write($"<small>{string.Join(", ", FactsOf(handshake, page.Now))}</small>");
    }

    private static string VersionOf(TlsVersion version) => version switch
    {
        TlsVersion.Tls13 => "TLS 1.3",
        TlsVersion.Tls12 => "TLS 1.2",
        TlsVersion.Tls11 => "TLS 1.1",
        _ => version.ToString(),
    };

    private static IEnumerable<string> FactsOf(TlsHandshakeSummary handshake, DateTimeOffset now)
    {
        yield return handshake.IsMutual ? "mutual" : "not mutual";
        if (handshake.IsResumed is { } isResumed)
        {
            yield return isResumed ? "resumed" : "full handshake";
        }

        if (handshake.Duration is { } duration)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.0}\u00A0ms");
        }

        yield return Durations.Ago(handshake.At, now);
    }
}
