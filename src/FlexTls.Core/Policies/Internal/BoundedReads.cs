using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace FlexTls.Policies;

/// <summary>
/// Asks the file system with a bound in time: a pipe is opened when somebody writes to it, and a mount may hang for ever.
/// Thread-safe.
/// </summary>
/// <param name="clock">The clock of the bound.</param>
internal sealed class BoundedReads(TimeProvider clock)
{
    /// <summary>An answer is waited for in pieces, so that a clock that jumps takes no more than one of them.</summary>
    public static readonly TimeSpan Piece = TimeSpan.FromSeconds(1);

    /// <summary>For how many pieces an answer is waited for.</summary>
    public const int Patience = 10;

    // A mount that hangs does so for all its files.
    private const int PatienceWhileOthersHang = 2;
    private const int MostHanging = 16;

    private readonly ConcurrentDictionary<string, bool> _hanging = new(StringComparer.Ordinal);

    /// <summary>By the clock of the system.</summary>
    public static BoundedReads Default { get; } = new(TimeProvider.System);

    /// <summary>Called before each question, by whoever answers it.</summary>
    public Action<string> Asking { get; init; } = _ => { };

    /// <summary>How many questions have no answer although their time is over. Each holds a thread.</summary>
    public int Hanging => _hanging.Count;

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="question">What is asked; one that has hung is not asked again before its answer has come.</param>
    /// <param name="answer">Answers it, on another thread. What comes too late is disposed.</param>
    /// <exception cref="TimeoutException">There is no answer in time.</exception>
    public T Ask<T>(string question, Func<T> answer)
    {
        if (_hanging.ContainsKey(question) || _hanging.Count >= MostHanging)
        {
            throw new TimeoutException();
        }

        var asked = new Question<T>();
        ReadingThread.Start(() =>
        {
            if (asked.Answer(() => Answer(question, answer)))
            {
                return asked.Tell;
            }

            _hanging.TryRemove(question, out _);
            return static () => { };
        });
        if (asked.Wait(_hanging.IsEmpty ? Patience : PatienceWhileOthersHang, clock))
        {
            return asked.Result;
        }

        _hanging.TryAdd(question, true);
        if (asked.GiveUp())
        {
            throw new TimeoutException();
        }

        _hanging.TryRemove(question, out _);
        return asked.Result;
    }

    /// <summary>Asks, and takes another answer if there is none in time.</summary>
    public T Ask<T>(string question, Func<T> answer, T otherwise)
    {
        try
        {
            return Ask(question, answer);
        }
        catch (TimeoutException)
        {
            return otherwise;
        }
    }

    private T Answer<T>(string question, Func<T> answer)
    {
        Asking(question);
        return answer();
    }

    /// <summary>One question: it is answered or given up, whichever comes first.</summary>
    private sealed class Question<T>
    {
        private readonly TaskCompletionSource _end = new();
        private int _isDecided;
        private T _result = default!;
        private ExceptionDispatchInfo? _failure;

        public T Result
        {
            get
            {
                _end.Task.Wait();
                _failure?.Throw();
                return _result;
            }
        }

        /// <summary>Whether the answer comes in time: then it must be told.</summary>
        public bool Answer(Func<T> answer)
        {
            try
            {
                _result = answer();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            if (Interlocked.Exchange(ref _isDecided, 1) == 0)
            {
                return true;
            }

            (_result as IDisposable)?.Dispose();
            return false;
        }

        public void Tell() => _end.SetResult();

        public bool GiveUp() => Interlocked.Exchange(ref _isDecided, 1) == 0;

        public bool Wait(int pieces, TimeProvider clock)
        {
            for (; pieces > 0 && !_end.Task.IsCompleted; pieces--)
            {
                try
                {
                    _end.Task.WaitAsync(Piece, clock).GetAwaiter().GetResult();
                }
                catch (TimeoutException)
                {
                    // The next piece begins.
                }
            }

            return _end.Task.IsCompleted;
        }
    }
}
