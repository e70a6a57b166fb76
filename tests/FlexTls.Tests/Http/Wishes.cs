using System.Net;

namespace FlexTls.Http;

/// <summary>Requests by the words of a test case: a version and one of Exact, OrLower, OrHigher, Upgrade or Sync.</summary>
internal static class Wishes
{
    public static HttpRequestMessage Request(Uri address, string wish)
    {
        var words = wish.Split(' ');
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = Version.Parse(words[0]) };
        switch (words[1])
        {
            case "Upgrade":
                request.Headers.Connection.Add("Upgrade");
                request.Headers.Upgrade.ParseAdd("acme/1");
                break;
            case "Sync":
                break;
            default:
                request.VersionPolicy = Enum.Parse<HttpVersionPolicy>($"RequestVersion{words[1]}");
                break;
        }

        return request;
    }

    public static async Task<string> SendAsync(this HttpClient client, Uri address, string wish, CancellationToken ct)
    {
        using var request = Request(address, wish);
        using var response = wish.EndsWith("Sync", StringComparison.Ordinal)
            ? await Task.Run(() => client.Send(request, ct), ct)
            : await client.SendAsync(request, ct);
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(ct) : $"{response.StatusCode}";
    }
}
