namespace FlexTls;

/// <summary>
/// What a proxy that was asked for a tunnel has answered (RFC 9110, section 9.3.6), by the first bytes of its status
/// line. An answer that is no HTTP is none.
/// </summary>
internal sealed class ProxyAnswer
{
    // "HTTP/1.1 200"
    private const int StatusAt = 9;

    private readonly byte[] _start = new byte[StatusAt + 3];
    private int _length;

    /// <summary>Whether the tunnel stands.</summary>
    public bool IsOpened => _length == _start.Length && IsHttp && Status.SequenceEqual("200"u8);

    /// <summary>Whether the proxy wants credentials first: the platform may look them up and ask again.</summary>
    public bool WantsCredentials => _length == _start.Length && IsHttp && Status.SequenceEqual("407"u8);

    /// <summary>Whether the proxy opens no tunnel, as the platform sees it: any final status but 200.</summary>
    private bool IsRefusal => IsHttp && Status[0] != (byte)'1' && !Status.SequenceEqual("200"u8);

    private bool IsHttp => _start.AsSpan().StartsWith("HTTP/1."u8);

    private ReadOnlySpan<byte> Status => _start.AsSpan(StatusAt);

    /// <summary>The proxy is asked: another answer begins.</summary>
    public void Asked() => _length = 0;

    /// <summary>Takes a piece of the answer; <see langword="true"/>: with it, it is a refusal.</summary>
    public bool Refuses(ReadOnlySpan<byte> piece)
    {
        if (_length == _start.Length)
        {
            return false;
        }

        var taken = piece[..Math.Min(piece.Length, _start.Length - _length)];
        taken.CopyTo(_start.AsSpan(_length));
        _length += taken.Length;
        return _length == _start.Length && IsRefusal;
    }
}
