using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace FlexTls.Interop;

/// <summary>
/// A connection through <see cref="OutboundTlsContext.ConnectAsync(DnsEndPoint, CancellationToken)"/>, and an answer over
/// it.
/// </summary>
internal static class DirectConnection
{
    private static readonly byte[] Http2Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    public static async Task<Observation> ObserveAsync(OutboundTlsContext context, int port, bool speaksHttp, CancellationToken ct)
    {
        try
        {
            await using var stream = await context.ConnectAsync(new DnsEndPoint(InteropPki.Host, port), ct);
            var answer = await AskAsync(stream, speaksHttp, ct);
            return new Observation
            {
                Answer = answer,
                IsRefusal = answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal),
                Version = VersionOf(stream.SslProtocol),
                Suite = stream.NegotiatedCipherSuite,
                Alpn = stream.NegotiatedApplicationProtocol.ToString(),
                IsResumed = ((UpstreamStream)stream).Outcome.IsResumed,
            };
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return new Observation { Failure = e };
        }
    }

    private static async Task<string> AskAsync(SslStream stream, bool speaksHttp, CancellationToken ct)
    {
        var isHttp2 = stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;
        await stream.WriteAsync(isHttp2 ? Http2Preface : speaksHttp ? "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray() : "hello\n"u8.ToArray(), ct);
        var answer = new List<byte>();
        var buffer = new byte[4096];
        int read;
        do
        {
            read = await ReadAsync();
            answer.AddRange(buffer.AsSpan(0, read));
        }
        while (read > 0 && !isHttp2 && speaksHttp);
        return answer.Count > 0 ? Encoding.Latin1.GetString([.. answer]) : throw new EndOfStreamException("The server closed the connection without an answer.");

        async Task<int> ReadAsync()
        {
            try
            {
                return await stream.ReadAsync(buffer, ct);
            }
            catch (IOException) when (answer.Count > 0)
            {
                // Some end a connection by closing it, after their answer and without a word.
                return 0;
            }
        }
    }

    private static TlsVersion VersionOf(SslProtocols protocol) => protocol switch
    {
#pragma warning disable SYSLIB0039, CA5397 // TLS 1.1 is what is looked for.
        SslProtocols.Tls11 => TlsVersion.Tls11,
#pragma warning restore SYSLIB0039, CA5397
        SslProtocols.Tls12 => TlsVersion.Tls12,
        SslProtocols.Tls13 => TlsVersion.Tls13,
        _ => throw new InvalidOperationException($"{protocol} was negotiated."),
    };
}
