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

    /// <summary>The class of the badge in <see cref="PageStyle"/>.</summary>
    public static string ClassOf(UpstreamTlsState state) => state switch
    {
        UpstreamTlsState.UpToDate => "good",
        UpstreamTlsState.Degraded => "bad",
        UpstreamTlsState.Weakened => "warn",
        _ => "info",
    };
}
