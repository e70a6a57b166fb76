using System.Buffers.Binary;

namespace FlexTls;

/// <summary>Takes fields from the start of a hello, the client's or the server's.</summary>
internal ref struct HelloFields(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    public bool Skip(int count)
    {
        if (_rest.Length < count)
        {
            return false;
        }

        _rest = _rest[count..];
        return true;
    }

    /// <summary>Takes a field that begins with its length, of one or two bytes.</summary>
    public bool Take(int lengthOfLength, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (_rest.Length < lengthOfLength)
        {
            return false;
        }

        var length = lengthOfLength == 1 ? _rest[0] : BinaryPrimitives.ReadUInt16BigEndian(_rest);
        if (_rest.Length - lengthOfLength < length)
        {
            return false;
        }

        field = _rest.Slice(lengthOfLength, length);
        _rest = _rest[(lengthOfLength + length)..];
        return true;
    }

    public bool TakeExtension(out int type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.Length < 4)
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        _rest = _rest[2..];
        return Take(2, out value);
    }
}
