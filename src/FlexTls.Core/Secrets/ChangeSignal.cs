using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// The registration with a change token of user code. It is made where the user's code is called with a time limit.
/// </summary>
internal sealed class ChangeSignal
{
    private IDisposable? _registration;

    private ChangeSignal(bool mustBeAsked, IDisposable registration) =>
        (MustBeAsked, _registration) = (mustBeAsked, registration);

    /// <summary>Whether the token calls nobody, so that what it belongs to must be asked for again and again.</summary>
    public bool MustBeAsked { get; }

    /// <summary>Registers with a token; <see langword="null"/>: it never fires.</summary>
    /// <param name="token">The token.</param>
    /// <param name="fired">Called when it fires.</param>
    public static ChangeSignal? Of(IChangeToken? token, Action fired) => token is null
        ? null
        : new ChangeSignal(!token.ActiveChangeCallbacks, token.RegisterChangeCallback(_ => fired(), null));

    /// <summary>The token is not needed any more. Its code may hang or throw, and holds up nobody.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _registration, null) is { } registration)
        {
            ThreadPool.UnsafeQueueUserWorkItem(DisposeQuietly, registration, preferLocal: false);
        }
    }

    private static void DisposeQuietly(IDisposable registration)
    {
        try
        {
            registration.Dispose();
        }
        catch (Exception)
        {
            // There is nobody to tell.
        }
    }
}
