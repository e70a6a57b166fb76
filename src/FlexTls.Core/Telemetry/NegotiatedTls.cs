using System.Diagnostics;
using System.Net.Security;

namespace FlexTls;

/// <summary>What a handshake has negotiated.</summary>
/// <param name="Version">The version of TLS.</param>
/// <param name="CipherSuite">The cipher suite.</param>
/// <param name="ApplicationProtocol">The application protocol; <see langword="null"/>: none.</param>
/// <param name="Group">
/// The group of the key exchange; <see langword="null"/>: unknown, or there was no key exchange.
/// </param>
/// <param name="IsResumed">Whether a session was resumed; <see langword="null"/>: unknown.</param>
/// <param name="IsMutual">
/// Whether the server has the client certificate, from this handshake or from that of the resumed session.
/// </param>
internal sealed record NegotiatedTls(
    TlsVersion Version, TlsCipherSuite CipherSuite, string? ApplicationProtocol, string? Group, bool? IsResumed,
    bool IsMutual)
{
    /// <summary>What a stream has negotiated.</summary>
    /// <param name="stream">The stream, whose handshake is complete.</param>
    /// <param name="group">The group of the key exchange; <see langword="null"/>: unknown.</param>
    /// <param name="isResumed">Whether a session was resumed; <see langword="null"/>: unknown.</param>
    /// <param name="isMutual">Whether the server has the client certificate.</param>
    public static NegotiatedTls Of(SslStream stream, string? group, bool? isResumed, bool isMutual) => new(
        TlsVersionExtensions.Negotiated(stream.SslProtocol),
        stream.NegotiatedCipherSuite,
        stream.NegotiatedApplicationProtocol is { Protocol.IsEmpty: false } protocol ? protocol.ToString() : null,
        group, isResumed, isMutual);

    /// <summary>The attributes of measurements and activities, without those that are unknown.</summary>
    /// <param name="tags">The attributes so far.</param>
    /// <param name="isRedirectTarget">Whether the server is a redirect target: no certificate is for it.</param>
    public TagList AddTo(TagList tags, bool isRedirectTarget)
    {
        tags.Add(TelemetryTags.ProtocolName, "tls");
        tags.Add(TelemetryTags.ProtocolVersion, Version.ToText());
        tags.Add(TelemetryTags.Cipher, CipherSuite.ToString());
        Add(TelemetryTags.NextProtocol, ApplicationProtocol);
        Add(TelemetryTags.Curve, Group);
        Add(TelemetryTags.Resumed, IsResumed);
        Add(TelemetryTags.Mutual, isRedirectTarget ? null : IsMutual);
        return tags;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                tags.Add(name, value);
            }
        }
    }
}

