using System.Runtime.CompilerServices;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>What keeps sessions outlives whoever needed them first.</summary>
public class HeldSessionTests
{
    [Fact]
    public void Keep_KeepsNothingOfItsCaller()
    {
        using var client = Pki.Root.IssueClient();
        var identity = LoadedIdentity.Of(OutboundTlsPolicy.Create(new()
        {
            TrustedCA = Pki.Root.Pem,
            ClientCertificate = client,
        }).ClientIdentity!);

        var state = KeepWithState(identity);

        GC.Collect();
        Assert.False(state.IsAlive);
        GC.KeepAlive(identity);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference KeepWithState(LoadedIdentity identity)
    {
        var local = new AsyncLocal<object?> { Value = new object() };
        var state = new WeakReference(local.Value);
        HeldSession.Keep(identity);
        local.Value = null;
        return state;
    }
}
