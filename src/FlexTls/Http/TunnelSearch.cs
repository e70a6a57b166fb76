using System.Net.Security;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>Finds the tunnel under a stream of the pool.</summary>
/// <remarks>
/// Between the two is a stream of the pool that cannot be inspected. Therefore this reads nothing, zero bytes, through
/// it on this thread, and the tunnel that receives the read identifies itself.
/// </remarks>
internal static class TunnelSearch
{
    [ThreadStatic]
    private static bool _isUnderWay;

    [ThreadStatic]
    private static Stream? _found;

    /// <summary>
    /// The tunnel; <see langword="null"/>: unknown. Called during the handshake, when nothing is being read.
    /// </summary>
    public static Stream? Under(SslStream stream)
    {
        _isUnderWay = true;
        try
        {
            _ = InnerStream(stream).Read([]);
            return _found;
        }
        catch (Exception)
        {
            return null;
        }
        finally
        {
            (_isUnderWay, _found) = (false, null);
        }
    }

    /// <summary>Whether the read that a tunnel has just received is the one that looks for it.</summary>
    public static bool Finds(Stream tunnel)
    {
        if (_isUnderWay)
        {
            _found = tunnel;
        }

        return _isUnderWay;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerStream")]
    private static extern Stream InnerStream(AuthenticatedStream stream);
}
