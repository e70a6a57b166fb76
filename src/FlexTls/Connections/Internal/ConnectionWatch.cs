using FlexTls.Contexts;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// Counts the connections of a handler that their servers may still refuse. As long as there is one, or none at all yet,
/// requests are watched for such a refusal; otherwise they pass untouched.
/// </summary>
internal sealed class ConnectionWatch
{
    private int _unanswered;
    private int _answered;

    /// <summary>Whether no request that starts now can be the first of its connection, as far as one can know.</summary>
    public bool IsSettled => Volatile.Read(ref _answered) > 0 && Volatile.Read(ref _unanswered) == 0;

    /// <summary>A connection is being made.</summary>
    public Connection Begin(UpstreamLog log)
    {
        Interlocked.Increment(ref _unanswered);
        return new Connection(this, log);
    }

    /// <summary>One connection, from its first attempt to its end.</summary>
    internal sealed class Connection(ConnectionWatch watch, UpstreamLog log) : IConnectionObserver
    {
        private const int Unanswered = 0;
        private const int IsAnswered = 1;
        private const int IsOver = 2;

        private int _state = Unanswered;

        /// <param name="isHttp2">Whether the server speaks first. A pool may keep an HTTP/1.1 connection in reserve, which nobody asks anything for long.</param>
        public void Connected(bool isHttp2)
        {
            if (!isHttp2)
            {
                Answered();
            }
        }

        public void Answered()
        {
            // The end may come first: then there is nothing left to count.
            if (Interlocked.CompareExchange(ref _state, IsAnswered, Unanswered) == Unanswered)
            {
                Interlocked.Increment(ref watch._answered);
                Interlocked.Decrement(ref watch._unanswered);
            }
        }

        public void Refused(TlsHandshakeException refusal) => log.Failed(refusal);

        public void Closed()
        {
            switch (Interlocked.Exchange(ref _state, IsOver))
            {
                case Unanswered:
                    Interlocked.Decrement(ref watch._unanswered);
                    break;
                case IsAnswered:
                    Interlocked.Decrement(ref watch._answered);
                    break;
                default:
                    break;
            }
        }
    }
}
