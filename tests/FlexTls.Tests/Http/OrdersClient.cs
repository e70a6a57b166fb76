namespace FlexTls.Http;

/// <summary>A typed client.</summary>
public sealed class OrdersClient(HttpClient http)
{
    public Task<string> ProtocolAsync(CancellationToken ct) => http.GetStringAsync("", ct);
}
