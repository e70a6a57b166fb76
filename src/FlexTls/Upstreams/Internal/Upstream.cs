namespace FlexTls.Upstreams;

/// <summary>An upstream as it is used: its context, and where its failures are logged.</summary>
internal sealed record Upstream(TlsContext Context, UpstreamLog Log);
