namespace FlexTls;

/// <summary>Tells which upstreams cannot be reached, as far as is known.</summary>
internal static class FailingUpstream
{
    /// <summary>
    /// The failure of the last connection; <see langword="null"/>: it succeeded, or there was none.
    /// </summary>
    public static UpstreamTlsFailure? LastOf(UpstreamTlsStatus upstream) =>
        upstream.Failures is [var last, ..] && !(upstream.LastHandshake?.At >= last.Last) ? last : null;
}
