using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Security;
using System.Security.Authentication;

namespace FlexTls;

/// <summary>
/// Determines which suites the TLS library offers by reading its ClientHello. The library's own list of known suites
/// also includes some that it never offers.
/// </summary>
internal static class ClientHelloProbe
{
    // Record header, handshake header, version and random come before the session id (RFC 8446, section 4.1.2).
    private const int SessionIdAt = 5 + 4 + 2 + 32;

    // Signals support of secure renegotiation, and is no suite (RFC 5746, section 3.3).
    private const TlsCipherSuite RenegotiationSignal = (TlsCipherSuite)0x00FF;

    /// <summary>The suites that are offered out of these.</summary>
    public static IReadOnlySet<TlsCipherSuite> OfferedSuites(TlsVersion version, IEnumerable<TlsCipherSuite> suites) =>
        Probe(version, suites).ToHashSet();

    /// <summary>The suites that are offered without a cipher suites policy, in their order.</summary>
    public static IReadOnlyList<TlsCipherSuite> DefaultSuites(TlsVersion version) => Probe(version, null);

    private static List<TlsCipherSuite> Probe(TlsVersion version, IEnumerable<TlsCipherSuite>? suites)
    {
        using var transport = new FirstFlight();
        try
        {
            var policy = suites is null ? null : CipherSuitesPolicies.Create(suites);
            using var stream = new SslStream(transport);
            stream.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = "probe.invalid",
                EnabledSslProtocols = new TlsVersionRange(version, version).ToSslProtocols(),
                CipherSuitesPolicy = policy,
                EncryptionPolicy = ClientOptions.EncryptionPolicyFor(new TlsVersionRange(version, version), policy),
            });
        }
        catch (Exception e)
            when (e is IOException or AuthenticationException or PlatformNotSupportedException or Win32Exception)
        {
            // The transport never answers, so this always ends here; no ClientHello means no offer.
        }

        return Suites(transport.Sent);
    }

    private static List<TlsCipherSuite> Suites(ReadOnlySpan<byte> hello)
    {
        var suites = new List<TlsCipherSuite>();
        var lengthAt = hello.Length > SessionIdAt ? SessionIdAt + 1 + hello[SessionIdAt] : hello.Length;
        if (hello.Length < lengthAt + 2)
        {
            return suites;
        }

        var list = hello[(lengthAt + 2)..];
        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(hello[lengthAt..]), list.Length);
        for (var i = 0; i + 1 < length; i += 2)
        {
            suites.Add((TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(list[i..]));
        }

        suites.Remove(RenegotiationSignal);
        return suites;
    }

    /// <summary>A transport that stores what is written to it, and returns the end of the stream on reading.</summary>
    private sealed class FirstFlight : ClientSideStream
    {
        private readonly MemoryStream _sent = new();

        public ReadOnlySpan<byte> Sent => _sent.ToArray();

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => _sent.Write(buffer, offset, count);
    }
}
