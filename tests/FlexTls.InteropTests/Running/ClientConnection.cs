using System.Net;

namespace FlexTls.Interop;

/// <summary>A request of a named client.</summary>
internal static class ClientConnection
{
    public static async Task<Observation> ObserveAsync(HttpClient client, int port, CancellationToken ct)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"https://{InteropPki.Host}:{port}/"), ct);
            return new Observation
            {
                Answer = await response.Content.ReadAsStringAsync(ct),
                Http = response.Version,
                IsRefusal = response.StatusCode == HttpStatusCode.BadRequest,
            };
        }
        catch (HttpRequestException e)
        {
            return new Observation { Failure = e };
        }
    }
}
