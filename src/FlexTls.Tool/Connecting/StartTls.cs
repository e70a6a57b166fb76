using System.Text;

namespace FlexTls;

/// <summary>
/// Asks a server to begin TLS. Its answers are read byte by byte: nothing that it sends too early is taken for plain
/// text, or is lost.
/// </summary>
internal static class StartTls
{
    private const int LongestLine = 1000;
    private const int MostLines = 100;

    // A length of 8, and the code of the request.
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    /// <exception cref="IOException">The server does not begin TLS, or the connection fails.</exception>
    public static Task BeginAsync(PlainProtocol protocol, Stream stream, CancellationToken cancellationToken) =>
        protocol switch
        {
            PlainProtocol.Smtp => SmtpAsync(stream, cancellationToken),
            PlainProtocol.Imap => ImapAsync(stream, cancellationToken),
            PlainProtocol.Postgres => PostgresAsync(stream, cancellationToken),
            _ => Task.CompletedTask,
        };

    private static async Task SmtpAsync(Stream stream, CancellationToken cancellationToken)
    {
        await ReadReplyAsync(stream, "220", cancellationToken).ConfigureAwait(false);
        await SendAsync(stream, "EHLO localhost", cancellationToken).ConfigureAwait(false);
        await ReadReplyAsync(stream, "250", cancellationToken).ConfigureAwait(false);
        await SendAsync(stream, "STARTTLS", cancellationToken).ConfigureAwait(false);
        await ReadReplyAsync(stream, "220", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the lines of a reply; all but the last have a hyphen after the code.</summary>
    private static async Task ReadReplyAsync(Stream stream, string code, CancellationToken cancellationToken)
    {
        for (var lines = 0; lines < MostLines; lines++)
        {
            var line = await ReadLineAsync(stream, cancellationToken).ConfigureAwait(false);
            if (!line.StartsWith(code, StringComparison.Ordinal))
            {
                throw new IOException($"the server refused STARTTLS: {SafeText.Of(line)}");
            }

            if (line.Length == code.Length || line[code.Length] != '-')
            {
                return;
            }
        }

        throw new IOException("the server's reply is too long");
    }

    private static async Task ImapAsync(Stream stream, CancellationToken cancellationToken)
    {
        const string Tag = "a1 ";
        await ReadLineAsync(stream, cancellationToken).ConfigureAwait(false);
        await SendAsync(stream, $"{Tag}STARTTLS", cancellationToken).ConfigureAwait(false);
        for (var lines = 0; lines < MostLines; lines++)
        {
            var line = await ReadLineAsync(stream, cancellationToken).ConfigureAwait(false);
            if (line.StartsWith(Tag, StringComparison.Ordinal))
            {
                if (!line.StartsWith($"{Tag}OK", StringComparison.OrdinalIgnoreCase))
                {
                    throw new IOException($"the server refused STARTTLS: {SafeText.Of(line)}");
                }

                return;
            }
        }

        throw new IOException("the server's reply is too long");
    }

    private static async Task PostgresAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(SslRequest, cancellationToken).ConfigureAwait(false);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        if (answer[0] != (byte)'S')
        {
            throw new IOException("the server refused SSLRequest: TLS is off, or this is not PostgreSQL");
        }
    }

    private static ValueTask SendAsync(Stream stream, string line, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"), cancellationToken);

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine)
        {
            await stream.ReadExactlyAsync(one, cancellationToken).ConfigureAwait(false);
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        throw new IOException("the server's reply is too long");
    }
}
