#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing that must be freed.
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>Creates the transports of a handler, until they are given up.</summary>
internal sealed class Transports(HandlerBlueprint blueprint, HandshakeFailures failures)
{
    private static readonly ConditionalWeakTable<Exception, object> OnTheWay = [];

    private readonly CancellationTokenSource _givenUp = new();

    /// <summary>Canceled when they are given up.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    /// <summary>Gives up the connections that are being made.</summary>
    public void GiveUp() => _givenUp.Cancel();

    /// <summary>
    /// Creates a transport. A change of policy does not end this, because it does not involve TLS yet.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isOfHandler">
    /// Whether the connection can only belong to the handler's own generation, because it goes through a proxy or has
    /// no TLS: <see cref="GiveUp"/> ends it. Other connections belong to the generation in force, and go on.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt for the pool.</param>
    public async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext connection, bool isOfHandler, CancellationToken cancellationToken)
    {
        var givenUp = isOfHandler ? _givenUp.Token : CancellationToken.None;
        if (givenUp.IsCancellationRequested)
        {
            // The request waited in a queue for a connection; nothing of it was sent.
            throw Closed(connection.DnsEndPoint.Host);
        }

        using var attempt = new AttemptToken(cancellationToken, givenUp);
        try
        {
            return blueprint.Connect is not { } connect
                ? await TcpConnector.ConnectAsync(connection.DnsEndPoint, attempt.Token).ConfigureAwait(false)
                : await connect(connection, attempt.Token).ConfigureAwait(false)
                    ?? throw new HttpRequestException(
                        HttpRequestError.ConnectionError, "The handler's ConnectCallback returned null.");
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw InWordsOfPool(e, cancellationToken);
        }
        catch (Exception e) when (givenUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Whatever exception the user's callback makes of a cancellation.
            throw DrainEnded(connection.DnsEndPoint.Host, e);
        }
        catch (Exception e) when (isOfHandler)
        {
            OnTheWay.AddOrUpdate(e, this);
            throw;
        }
    }

    /// <summary>
    /// Whether an exception is one of the way to a proxy: a callback of the user's may speak TLS there, which is no TLS
    /// of the upstream.
    /// </summary>
    public static bool IsOnTheWay(Exception exception) => OnTheWay.TryGetValue(exception, out _);

    /// <summary>The pool recognizes only its own token.</summary>
    public static OperationCanceledException InWordsOfPool(Exception canceled, CancellationToken cancellationToken) =>
        new(canceled.Message, canceled.InnerException, cancellationToken);

    /// <summary>
    /// The fault of a request that needs a connection from a closed handler: it still waits for one, or has to be sent
    /// again, for example after a 401.
    /// </summary>
    public TlsHandshakeException Closed(string host) => failures.Create(
        DiagnosticCodes.NotSentAgain, host,
        "the request needed another connection, for example after a 401 or while it waited for one, but its policy had "
        + "been replaced or its handler disposed, and the old handler opens no such connection any more.",
        "the request can be sent again");

    /// <summary>The reason why connections are given up.</summary>
    public TlsHandshakeException DrainEnded(string host, Exception reason) => failures.Create(
        DiagnosticCodes.DrainEnded, host,
        "the request has waited for its connection since before the policy was replaced, "
        + "and its time (drainTimeout) is up.",
        "the server is slow or silent", reason);
}
