namespace FlexTls.Interop;

/// <summary>Compares what was seen with what a row says.</summary>
internal static class Verdict
{
    /// <summary>What is wrong, or <see langword="null"/>.</summary>
    public static string? Of(InteropServer server, Row row, OutboundTlsContext context, Observation seen, ServerView? view) => row.Outcome switch
    {
        Outcome.WeRefuse => Refusal(row, seen),
        Outcome.ServerRefuses => seen.Failure is null && !seen.IsRefusal ? $"answered: {seen.Answer}" : IsOurs(seen.Failure) ? Words(seen.Failure!) : null,
        _ when seen.Failure is { } failure => Words(failure),
        _ when seen.IsRefusal => $"refused: {seen.Answer}",
        _ => OurSide(row, seen, Protocol(server, context)) ?? (view is null ? null : ItsSide(server, row, context, seen, view)),
    };

    /// <summary>A failure with those inside it.</summary>
    public static string Words(Exception failure)
    {
        var words = new List<string>();
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            words.Add($"{e.GetType().Name}: {e.Message}");
        }

        return string.Join(" ← ", words);
    }

    /// <summary>Whether it is we who refuse the server.</summary>
    private static bool IsOurs(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is TlsHandshakeException { ServerCertificate: not null })
            {
                return true;
            }
        }

        return false;
    }

    private static string Protocol(InteropServer server, OutboundTlsContext context) => server.Choice(context.Effective.Alpn);

    private static string? Refusal(Row row, Observation seen)
    {
        for (var e = seen.Failure; e is not null; e = e.InnerException)
        {
            if (e is TlsHandshakeException handshake)
            {
                return handshake.Code == row.Code ? null : $"{handshake.Code} instead of {row.Code}: {handshake.Message}";
            }
        }

        return seen.Failure is null ? $"accepted: {seen.Answer}" : Words(seen.Failure);
    }

    private static string? OurSide(Row row, Observation seen, string protocol) =>
        seen.Http is { } http && http.Major != (protocol == "h2" ? 2 : 1) ? $"we have HTTP {http}, the server chooses '{protocol}'"
        : seen.Version is null ? null
        : row.Version is { } version && seen.Version != version ? $"we have {seen.Version}"
        : row.Suite is { } suite && seen.Suite != suite.Suite ? $"we have {seen.Suite}"
        : seen.Alpn != protocol ? $"we have ALPN '{seen.Alpn}', the server chooses '{protocol}'"
        : null;

    private static string? ItsSide(InteropServer server, Row row, OutboundTlsContext context, Observation seen, ServerView view)
    {
        Func<string, CipherSuiteInfo, bool> means = server.SaysCipherOnly ? SuiteNames.IsCipherOf : SuiteNames.Means;
        var suites = CipherSuiteCatalog.All.Where(suite => context.Effective.CipherSuites.Contains(suite.Suite)
            && (row.Suite is null || suite == row.Suite) && (seen.Suite is null || suite.Suite == seen.Suite));
        return !Says(Tells.Version, view.Version, said => row.Version is not { } version || said.Contains(Digits(version), StringComparison.Ordinal)) ? $"it has version '{view.Version}'"
            : !Says(Tells.Suite, view.Suite, said => suites.Any(suite => means(said, suite))) ? $"it has suite '{view.Suite}'"
            : !Says(Tells.Alpn, view.Alpn, said => said == Protocol(server, context)) ? $"it has ALPN '{view.Alpn}'"
            : !Says(Tells.ServerName, view.ServerName, said => said == InteropPki.Host) ? $"it has server name '{view.ServerName}'"
            : !Says(Tells.Client, view.Client, said => row.Client == ClientIdentityKind.None ? said.Length == 0 : said.Contains(InteropPki.ClientName, StringComparison.Ordinal)) ? $"it has client '{view.Client}'"
            : null;

        bool Says(Tells what, string said, Func<string, bool> isRight) => !server.Tells.HasFlag(what) || isRight(said);
    }

    private static string Digits(TlsVersion version) => version switch
    {
        TlsVersion.Tls11 => "1.1",
        TlsVersion.Tls12 => "1.2",
        _ => "1.3",
    };
}
