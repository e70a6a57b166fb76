namespace FlexTls;

/// <summary>
/// Cancels one attempt to connect: with its caller, when its pool gives up, or when its generation is replaced. The
/// cancellation callbacks of the user's transport then run in the background and hold up no other attempt.
/// </summary>
internal sealed class AttemptToken : IDisposable
{
    private readonly CancellationTokenSource _attempt;
    private readonly CancellationTokenRegistration _givenUp;
    private readonly CancellationTokenRegistration _replaced;

    /// <param name="caller">Ends the attempt for its caller.</param>
    /// <param name="givenUp">Ends all attempts of its pool.</param>
    /// <param name="replaced">
    /// Ends all attempts of its generation; without it, a replacement does not end the attempt.
    /// </param>
    public AttemptToken(CancellationToken caller, CancellationToken givenUp, CancellationToken replaced = default)
    {
        _attempt = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _givenUp = givenUp.UnsafeRegister(Cancel, _attempt);
        _replaced = replaced.UnsafeRegister(Cancel, _attempt);
    }

    public CancellationToken Token => _attempt.Token;

    public void Dispose()
    {
        _replaced.Dispose();
        _givenUp.Dispose();
        _attempt.Dispose();
    }

    private static void Cancel(object? attempt) => ((CancellationTokenSource)attempt!).CancelInBackground();
}
