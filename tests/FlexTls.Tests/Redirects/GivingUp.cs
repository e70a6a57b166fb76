using System.Net;

namespace FlexTls.Redirects;

/// <summary>
/// Gives up the first attempt of every other request at the worst moment: a redirect was received, and the handler asks
/// for the proxy of its target. Then the same message is sent again.
/// </summary>
internal sealed class GivingUp(Func<Uri, bool> isTarget) : IWebProxy
{
    private static readonly AsyncLocal<CancellationTokenSource?> Attempt = new();

    private int _count;

    public ICredentials? Credentials { get; set; }

    public Uri? GetProxy(Uri destination)
    {
        if (isTarget(destination) && Interlocked.Increment(ref _count) % 2 == 1)
        {
            Attempt.Value?.Cancel();
        }

        return null;
    }

    public bool IsBypassed(Uri host) => false;

    /// <summary>Sends a message again when its attempt was given up.</summary>
    internal sealed class Handler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            while (true)
            {
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                Attempt.Value = attempt;
                try
                {
                    return await base.SendAsync(request, attempt.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // Once more.
                }
            }
        }
    }
}
