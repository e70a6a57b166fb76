namespace FlexTls;

/// <summary>The states in words, and the looks of their badges.</summary>
internal static class StateWords
{
    private static readonly UpstreamTlsState[] Urgency =
    [
        UpstreamTlsState.Degraded, UpstreamTlsState.Weakened, UpstreamTlsState.Waiting, UpstreamTlsState.UpToDate,
    ];

    /// <summary>All states, those that need attention first.</summary>
    public static IReadOnlyList<UpstreamTlsState> ByUrgency => Urgency;

    public static int UrgencyOf(UpstreamTlsState state) => Array.IndexOf(Urgency, state);

    public static string Of(UpstreamTlsState state) =>
        state == UpstreamTlsState.UpToDate ? "Up to date" : state.ToString();

    /// <summary>Whether the server did not ask for the client certificate.</summary>
    public static bool IsNotAskedFor(UpstreamTlsStatus upstream) =>
        upstream is { Settings.ClientCertificate: not null, LastHandshake.IsMutual: false };

    /// <summary>Whether a certificate has expired; its last second is still valid.</summary>
    public static bool HasExpired(UpstreamTlsStatus upstream, DateTimeOffset now) =>
        upstream.FirstExpiry is { } first && now - first.NotAfter >= TimeSpan.FromSeconds(1);

    /// <summary>Whether a badge beside the state warns.</summary>
    public static bool HasWarning(UpstreamTlsStatus upstream) =>
        IsNotAskedFor(upstream) || upstream.Settings.AllowsPlainHttp || !upstream.Settings.ValidatesServerCertificate;

    /// <summary>The class of a row in <see cref="PageStyle"/>.</summary>
    public static string ClassOf(UpstreamTlsStatus upstream, DateTimeOffset now) =>
        upstream.State != UpstreamTlsState.UpToDate ? ClassOf(upstream.State)
        : upstream.IsFailing || HasExpired(upstream, now) ? "bad"
        : HasWarning(upstream) ? "warn"
        : ClassOf(upstream.State);

    /// <summary>The class of the badge in <see cref="PageStyle"/>.</summary>
    public static string ClassOf(UpstreamTlsState state) => state switch
    {
        UpstreamTlsState.UpToDate => "good",
        UpstreamTlsState.Degraded => "bad",
        UpstreamTlsState.Weakened => "warn",
        _ => "info",
    };
}
