using System.Security.Authentication;

namespace FlexTls;

/// <summary>
/// A TLS handshake failed, the server's certificate was refused, or a policy refused to make the connection or the
/// request. HTTP clients report it as <c>HttpRequestError.SecureConnectionError</c>, because it is an
/// <see cref="AuthenticationException"/>.
/// </summary>
public sealed class TlsHandshakeException : AuthenticationException
{
    /// <summary>Creates the exception, for tests of code that handles it.</summary>
    /// <param name="code">The code, such as <c>FTLS5001</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="upstream">The upstream; <see langword="null"/>: none is known.</param>
    /// <param name="targetHost">The host.</param>
    /// <param name="hint">The likely fix.</param>
    /// <param name="serverCertificate">The verdict on the server's certificate.</param>
    /// <param name="innerException">The cause.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="code"/> or <paramref name="targetHost"/> is <see langword="null"/>.
    /// </exception>
    public TlsHandshakeException(
        string code, string message, string? upstream, string targetHost, string? hint = null,
        ServerCertificateValidationResult? serverCertificate = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(targetHost);
        Code = code;
        Upstream = upstream;
        TargetHost = targetHost;
        Hint = hint;
        ServerCertificate = serverCertificate;
    }

    /// <summary>
    /// The stable code, described in docs/errors.md: <c>FTLS5xxx</c> for a refused certificate, <c>FTLS6100</c> plus
    /// the number of the TLS alert if there was one, <c>FTLS7xxx</c> for a request that was refused before anything was
    /// sent, otherwise <c>FTLS60xx</c>.
    /// </summary>
    public string Code { get; }

    /// <summary>
    /// The upstream, by the name of its context; <see langword="null"/> if the context has none, or if no upstream is
    /// known, as for a request that chooses one that does not exist.
    /// </summary>
    public string? Upstream { get; }

    /// <summary>
    /// The host of the handshake, or <c>$NAME</c> if the name comes from the environment; empty for a request with a
    /// relative address.
    /// </summary>
    public string TargetHost { get; }

    /// <summary>The likely fix, or <see langword="null"/> if none is known.</summary>
    public string? Hint { get; }

    /// <summary>
    /// The verdict on the server's certificate with all reasons; <see langword="null"/> if the handshake failed before
    /// that or validation is skipped.
    /// </summary>
    public ServerCertificateValidationResult? ServerCertificate { get; }
}
