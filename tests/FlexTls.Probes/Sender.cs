namespace FlexTls.Probes;

/// <summary>Sends requests one after the other.</summary>
internal sealed class Sender(HttpClient client, Uri address, Version version)
{
    /// <summary>The bytes that the process allocates while so many requests are sent.</summary>
    public async Task<long> MeasureAsync(int requests)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await SendAsync(requests);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    public async Task SendAsync(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }
    }
}
