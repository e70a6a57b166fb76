namespace FlexTls.GatewayComparison;

/// <summary>A running gateway.</summary>
internal sealed class RunningContender(Contender contender, ChildProcess process, int http1, int http2) : IAsyncDisposable
{
    public Contender Contender => contender;

    public ChildProcess Process => process;

    public void Reload() => contender.Reload(process);

    /// <summary>The address of a page.</summary>
    /// <param name="version">The version of HTTP, whose port it is.</param>
    /// <param name="path">The page.</param>
    public Uri AddressOf(Version version, string path) => new($"http://127.0.0.1:{(version.Major == 2 ? http2 : http1)}{path}");

    public async Task UntilReadyAsync()
    {
        using var client = new HttpClient();
        for (var patience = 300; ; patience--)
        {
            try
            {
                await client.GetStringAsync(AddressOf(new Version(1, 1), UpstreamServer.Small));
                return;
            }
            catch (HttpRequestException) when (patience > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
