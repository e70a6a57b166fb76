using System.Globalization;
using Spectre.Console;

namespace FlexTls;

/// <summary>Writes what became of a connection.</summary>
internal static class ConnectionReport
{
    /// <param name="terminal">Where to write.</param>
    /// <param name="result">The result.</param>
    /// <param name="context">The context of the connection.</param>
    /// <param name="negotiated">What was negotiated; <see langword="null"/>: the handshake failed.</param>
    /// <param name="now">The time to judge certificates by.</param>
    public static void Write(
        Terminal terminal, ConnectionResult result, OutboundTlsContext context, TlsHandshakeSummary? negotiated,
        DateTimeOffset now)
    {
        SettingsTable.Write(
            terminal,
            [
                new Setting("address", [result.Address.ToString()]),
                new Setting("offered", [.. Offered(context)]),
                new Setting("time", [Times(result)]),
                .. negotiated is null ? (Setting[])[] : [new("negotiated", [.. Negotiated(negotiated)])],
                .. Presented(result.Look, now),
            ]);
        WriteVerdict(terminal, result.Failure);
    }

    private static string Times(ConnectionResult result) =>
        string.Join(", ", result.Phases.Select(one => $"{one.Name} {Words.Of(one.Time)}"));

    private static IEnumerable<string> Offered(OutboundTlsContext context)
    {
        var effective = context.Effective;
        yield return Words.Of(effective.MinVersion, effective.MaxVersion);
        yield return string.Create(CultureInfo.InvariantCulture, $"{effective.CipherSuites.Count} cipher suites");
        yield return $"ALPN: {Words.OfAlpn(effective.Alpn)}";
        yield return effective.ClientCertificate is { } own
            ? $"client certificate {own.Subject}"
            : "no client certificate";
    }

    private static IEnumerable<string> Negotiated(TlsHandshakeSummary handshake)
    {
        yield return $"{Words.Of(handshake.Version)}, {handshake.CipherSuite}";
        if (handshake.KeyExchangeGroup is { } group)
        {
            yield return $"key exchange: {group}";
        }

        yield return $"ALPN: {SafeText.Of(handshake.ApplicationProtocol ?? "none selected")}";
        yield return handshake.IsMutual ? "client certificate sent" : "no client certificate sent";
    }

    /// <summary>The certificates, which are the server's own claims.</summary>
    private static IEnumerable<Setting> Presented(ServerLook? look, DateTimeOffset now)
    {
        if (look is null)
        {
            yield break;
        }

        for (var i = 0; i < look.Chain.Count; i++)
        {
            yield return new Setting(i == 0 ? "presented" : "", CertificateText.Of(look.Chain[i], now));
        }

        if (look.AsksForCertificate)
        {
            yield return new Setting("asked for", ["a client certificate"]);
        }
    }

    private static void WriteVerdict(Terminal terminal, Exception? failure)
    {
        if (failure is null)
        {
            terminal.WriteLine("", "ACCEPTED", "", Color.Green);
            return;
        }

        terminal.WriteLine("", "REFUSED", $" {SafeText.Of(failure.Message)}", Color.Red);
        if (failure is not TlsHandshakeException handshake)
        {
            return;
        }

        foreach (var reason in handshake.ServerCertificate?.Failures ?? [])
        {
            terminal.WriteLine($"  {reason.Code}: {reason.Message}");
            WriteIfAny(terminal, "expected", reason.Expected);
            WriteIfAny(terminal, "presented", reason.Presented);
        }
    }

    private static void WriteIfAny(Terminal terminal, string label, string? text)
    {
        if (text is not null)
        {
            terminal.WriteLine($"    {label}: {text}");
        }
    }
}
