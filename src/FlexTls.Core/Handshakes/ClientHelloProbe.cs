using System.ComponentModel;
using System.Diagnostics;
using System.Net.Security;
using System.Security.Authentication;

namespace FlexTls;

/// <summary>
/// Determines what the TLS library offers by reading its ClientHello. The library's own list of known suites also
/// includes some that it never offers.
/// </summary>
internal static class ClientHelloProbe
{
    /// <summary>The ClientHello for one version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="suites">
    /// The suites to offer; <see langword="null"/>: those that the platform offers by itself.
    /// </param>
    public static PlatformHello Read(TlsVersion version, IEnumerable<TlsCipherSuite>? suites)
    {
        using var transport = new FirstFlight();
        var around = Activity.Current;
        try
        {
            // The platform has an activity for each handshake, which is under this one, and so is not recorded either.
            using var unrecorded = new Activity("ClientHello probe")
                .SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom()).Start();
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
        finally
        {
            Activity.Current = around;
        }

        return PlatformHello.Read(transport.Sent);
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
