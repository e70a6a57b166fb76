using System.Runtime.ExceptionServices;

namespace FlexTls;

/// <summary>
/// Calls the file system with a time limit: opening a pipe waits for a writer, and a mount may hang forever.
/// Thread-safe.
/// </summary>
/// <param name="clock">Measures the time limit.</param>
internal sealed class BoundedReads(TimeProvider clock)
{
    /// <summary>The wait is split into pieces, so that a clock that jumps uses up at most one piece.</summary>
    public static readonly TimeSpan Piece = TimeSpan.FromSeconds(1);

    /// <summary>How many pieces a call may take.</summary>
    public const int Patience = 10;

    private const int PatienceWhileOthersHang = 2;
    private const int PatienceOfALook = 1;
    private const int MostHanging = 64;

    // However often a call waits for something with a limit of its own, it ends.
    private const int MostExcused = 300;

    // About 20 µs, as long as a small file in the cache takes.
    private const int Spins = 50;

    private readonly HangingCalls _hanging = new();

    /// <summary>Measured by the system clock.</summary>
    public static BoundedReads Default { get; } = new(TimeProvider.System);

    /// <summary>Called with the path and the length of each file before it is opened; for tests.</summary>
    public Action<string, long> Opening { get; init; } = (_, _) => { };

    /// <summary>Called with each question on the thread that answers it; for tests.</summary>
    public Action<string> Asking { get; init; } = _ => { };

    /// <summary>How many calls have exceeded the limit and not returned. Each holds a thread.</summary>
    public int Hanging => _hanging.Count;

    /// <summary>Whether a call has exceeded the limit and not returned.</summary>
    public bool IsHanging(string question) => _hanging.Contains(question);

    /// <summary>Makes a call on another thread, and waits for its result.</summary>
    /// <param name="question">Identifies the call; a call that hangs is not repeated before it returns.</param>
    /// <param name="folder">
    /// The folder that the call accesses; empty: none. While a call in it hangs, further calls first check that the
    /// folder still answers.
    /// </param>
    /// <param name="answer">Makes the call. A result that comes too late is disposed.</param>
    /// <exception cref="TimeoutException">
    /// The call has not returned in time, its folder or mount hangs, or too many calls hang.
    /// </exception>
    public T Ask<T>(string question, string folder, Func<T> answer) =>
        _hanging.PlacesAround(folder).All(Answers)
            ? Ask(question, folder, answer, _hanging.Count == 0 ? Patience : PatienceWhileOthersHang)
            : throw new TimeoutException();

    /// <summary>Makes a call, and returns <paramref name="otherwise"/> if the call does not return in time.</summary>
    public T Ask<T>(string question, string folder, Func<T> answer, T otherwise)
    {
        try
        {
            return Ask(question, folder, answer);
        }
        catch (TimeoutException)
        {
            return otherwise;
        }
    }

    /// <summary>Makes a call that may take a number of pieces.</summary>
    /// <param name="question">Identifies the call; one that hangs is not repeated before it returns.</param>
    /// <param name="folder">The folder that the call is about; empty: none.</param>
    /// <param name="answer">Makes the call.</param>
    /// <param name="patience">The number of pieces.</param>
    /// <param name="isExcused">
    /// Whether the call waits for something that has a time limit of its own, which does not count.
    /// </param>
    /// <exception cref="TimeoutException">The call has not returned in time, or too many calls hang.</exception>
    public T Ask<T>(
        string question, string folder, Func<T> answer, int patience, Func<bool>? isExcused = null)
    {
        if (IsHanging(question) || _hanging.Count >= MostHanging)
        {
            throw new TimeoutException();
        }

        var asked = new Question<T>();
        ReadingThread.Start(() =>
        {
            if (asked.Answer(Asked))
            {
                return asked.Complete;
            }

            _hanging.Remove(question);
            return static () => { };
        });
        if (asked.Wait(patience, isExcused, clock))
        {
            return asked.Result;
        }

        _hanging.Add(question, folder);
        if (asked.GiveUp())
        {
            throw new TimeoutException();
        }

        _hanging.Remove(question);
        return asked.Result;

        T Asked()
        {
            Asking(question);
            return answer();
        }
    }

    /// <summary>
    /// Whether a folder in which a call hangs still answers. When a mount hangs, everything on it hangs, and each of
    /// its files would cost a thread and a wait; when only a link to such a mount hangs, its neighbors still answer.
    /// </summary>
    private bool Answers(string folder)
    {
        try
        {
            Ask(
                $"look into {folder}", folder, () => Directory.EnumerateFileSystemEntries(folder).Any(),
                PatienceOfALook);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception e) when (FileFaults.Reason(e) is not null)
        {
            return true;
        }
    }

    /// <summary>One call: it returns or is given up, whichever comes first.</summary>
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

        /// <summary>Whether the answer comes in time; the caller must then call <see cref="Complete"/>.</summary>
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

        public void Complete() => _end.SetResult();

        public bool GiveUp() => Interlocked.Exchange(ref _isDecided, 1) == 0;

        public bool Wait(int pieces, Func<bool>? isExcused, TimeProvider clock)
        {
            // Most answers arrive before a sleeping thread could be woken.
            for (var spin = new SpinWait(); spin.Count < Spins && !_end.Task.IsCompleted;)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            for (var excused = 0; pieces > 0 && !_end.Task.IsCompleted;)
            {
                try
                {
                    _end.Task.WaitAsync(Piece, clock).GetAwaiter().GetResult();
                }
                catch (TimeoutException)
                {
                    // The next piece begins.
                }

                if (isExcused?.Invoke() == true && excused < MostExcused)
                {
                    excused++;
                }
                else
                {
                    pieces--;
                }
            }

            return _end.Task.IsCompleted;
        }
    }
}
