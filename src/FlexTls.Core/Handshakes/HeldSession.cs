using System.Net.Security;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// A handshake that never ends. The platform keeps the sessions of a client certificate as long as a stream uses them;
/// otherwise, with more than about thirty certificates in a process, it drops the sessions of those that are not in use
/// at the moment.
/// </summary>
internal sealed class HeldSession
{
    private static readonly ConditionalWeakTable<LoadedIdentity, HeldSession> Held = [];
    private static readonly Lazy<HeldSession> OfNobody = new(() => Begin(null));

    private readonly SslStream _stream;

    private HeldSession(SslStream stream) => _stream = stream;

    /// <summary>Keeps the sessions of a client certificate, or of none, as long as the certificate is used.</summary>
    public static void Keep(LoadedIdentity? identity) =>
        _ = identity is null ? OfNobody.Value : Held.GetValue(identity, Begin);

    private static HeldSession Begin(LoadedIdentity? identity)
    {
        var stream = new SslStream(new MuteStream());
        var options = new ClientOptions(new(TlsVersion.Tls13, TlsVersion.Tls13), null, identity?.Context, false).Create(
            OfferKind.Resuming, "held.invalid", [], ChainPolicies.TrustingNobody(), (_, _, _, _) => false);

        // It outlives the caller, whose execution context it must not keep.
        using IDisposable? detached = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _ = stream.AuthenticateAsClientAsync(options);
        return new HeldSession(stream);
    }

    /// <summary>A transport whose other side never answers.</summary>
    private sealed class MuteStream : ClientSideStream
    {
        private readonly TaskCompletionSource<int> _never = new();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(_never.Task);

        public override void Write(byte[] buffer, int offset, int count)
        {
        }
    }
}
