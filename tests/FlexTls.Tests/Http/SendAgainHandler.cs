namespace FlexTls.Http;

/// <summary>Retries as handlers of that kind do: the same message is sent once more, as a redirect has left it.</summary>
internal sealed class SendAgainHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }
        }
        catch (HttpRequestException)
        {
            // Once more.
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
