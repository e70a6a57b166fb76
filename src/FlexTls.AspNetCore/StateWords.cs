namespace FlexTls;

/// <summary>The states in words, and the looks of their badges.</summary>
internal static class StateWords
{
    private static readonly UpstreamTlsState[] Urgency =
    [
        UpstreamTlsState.Degraded, UpstreamTlsState.Weakened, UpstreamTlsState.Waiting, UpstreamTlsState.UpToDate,
    ];

    private static readonly string[] Looks = ["bad", "warn", "info", "good"];

    /// <summary>All states, those that need attention first.</summary>
    public static IReadOnlyList<UpstreamTlsState> ByUrgency => Urgency;

    public static int UrgencyOf(UpstreamTlsState state) => Array.IndexOf(Urgency, state);

    public static string Of(UpstreamTlsState state) =>
        state == UpstreamTlsState.UpToDate ? "Up to date" : state.ToString();

    /// <summary>Whether the last handshake did not send the client certificate.</summary>
    public static bool IsNotSent(UpstreamTlsStatus upstream) =>
        upstream is { Settings.ClientCertificate: not null, LastHandshake.IsMutual: false };

    /// <summary>Whether a badge beside the state warns.</summary>
    public static bool HasWarning(UpstreamTlsStatus upstream) =>
        IsNotSent(upstream) || upstream.Settings.AllowsPlainHttp || !upstream.Settings.ValidatesServerCertificate;

    /// <summary>The class of a row in <see cref="PageCss"/>.</summary>
    public static string ClassOf(UpstreamTlsStatus upstream, DateTimeOffset now) =>
        upstream.State == UpstreamTlsState.Degraded || upstream.IsFailing
            || (upstream.Settings.ClientCertificate is { } own && ExpiryCell.HasPassed(own.NotAfter, now)) ? "bad"
        : upstream.State == UpstreamTlsState.Weakened || upstream.ExpiresSoon || HasWarning(upstream) ? "warn"
        : ClassOf(upstream.State);

    /// <summary>How much attention a row needs: 0 is the most.</summary>
    public static int UrgencyOf(UpstreamTlsStatus upstream, DateTimeOffset now) =>
        Array.IndexOf(Looks, ClassOf(upstream, now));

    /// <summary>The class of the badge in <see cref="PageCss"/>.</summary>
    public static string ClassOf(UpstreamTlsState state) => state switch
    {
        UpstreamTlsState.UpToDate => "good",
        UpstreamTlsState.Degraded => "bad",
        UpstreamTlsState.Weakened => "warn",
        _ => "info",
    };
}
