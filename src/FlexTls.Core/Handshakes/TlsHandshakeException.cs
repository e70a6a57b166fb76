using System.Security.Authentication;

namespace FlexTls;

/// <summary>
/// A TLS handshake failed, or the server's certificate was refused. HTTP clients report it as
/// <c>HttpRequestError.SecureConnectionError</c>, because it is an <see cref="AuthenticationException"/>.
/// </summary>
public sealed class TlsHandshakeException : AuthenticationException
{
    internal TlsHandshakeException(
        string code, string message, string? upstream, string targetHost, string? hint,
        ServerCertificateValidationResult? serverCertificate, Exception? inner)
        : base(message, inner)
    {
        Code = code;
        Upstream = upstream;
        TargetHost = targetHost;
        Hint = hint;
        ServerCertificate = serverCertificate;
    }

    /// <summary>
    /// The stable code, described in docs/errors.md: <c>FTLS5xxx</c> for a refused certificate, <c>FTLS6100</c> plus
    /// the number of the TLS alert if there was one, otherwise <c>FTLS60xx</c>.
    /// </summary>
    public string Code { get; }

    /// <summary>The name that the context was created with, or <see langword="null"/> if it has none.</summary>
    public string? Upstream { get; }

    /// <summary>The host of the handshake, or <c>$NAME</c> if the name comes from the environment.</summary>
    public string TargetHost { get; }

    /// <summary>The likely fix, or <see langword="null"/> if none is known.</summary>
    public string? Hint { get; }

    /// <summary>
    /// The verdict on the server's certificate with all reasons; <see langword="null"/> if the handshake failed before
    /// that or validation is skipped.
    /// </summary>
    public ServerCertificateValidationResult? ServerCertificate { get; }
}
