namespace FlexTls.Http;

/// <summary>Bodies that differ at every place, so that a lost or doubled piece is seen.</summary>
internal static class Bytes
{
    public static byte[] Of(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
