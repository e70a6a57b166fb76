using FlexTls.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>One generation takes the place of another.</summary>
public class ReplacementTests
{
    [Fact]
    public void AContext_ShowsAGenerationOnlyWhenAllClientsUseIt()
    {
        var (first, next) = (Policy(Pki.Root.Pem), Policy(Pki.Foreign.Pem));
        var factory = new TlsContextFactory();
        var log = new UpstreamLog(
            NullLogger.Instance, NullLogger.Instance, TlsInstruments.Default, TimeProvider.System, "orders");
        var upstream = new Upstream(
            new OutboundTlsContext(factory.CreateGeneration(first.Policy, "orders")), first, "orders", log,
            TimeProvider.System);
        var shown = new List<(ContextGeneration Adopted, ContextGeneration Shown)>();
        upstream.Join(new User(adopted => shown.Add((adopted.Context, upstream.Context.Generation))));

        var generation = factory.CreateGeneration(next.Policy, "orders");
        upstream.Replace(generation, next);

        // Otherwise a request that starts after a look at the context could go to a client that does not know yet.
        var (adopted, before) = shown[^1];
        Assert.Same(generation, adopted);
        Assert.NotSame(generation, before);
        Assert.Same(generation, upstream.Context.Generation);
    }

    [Fact]
    public void AClockThatThrows_LeavesTheGenerationInForce()
    {
        var (first, next) = (Policy(Pki.Root.Pem), Policy(Pki.Foreign.Pem));
        var factory = new TlsContextFactory();
        var clock = new ThrowingClock();
        var log = new UpstreamLog(NullLogger.Instance, NullLogger.Instance, TlsInstruments.Default, clock, "orders");
        var upstream = new Upstream(
            new OutboundTlsContext(factory.CreateGeneration(first.Policy, "orders")), first, "orders", log, clock);

        for (clock.CallsLeft = 0; clock.CallsLeft >= 0;)
        {
            var calls = clock.CallsLeft;
            try
            {
                upstream.Replace(factory.CreateGeneration(next.Policy, "orders"), next);
                break;
            }
            catch (InvalidOperationException)
            {
                Assert.Equal((1, 0), (upstream.Current.Number, upstream.DrainingConnections));
                clock.CallsLeft = calls + 1;
            }
        }

        Assert.Equal(2, upstream.Current.Number);
    }

    [Fact]
    public void APolicyWithoutHttp_IsRefused_IfTheFirstClientComesWhileItIsBeingPutInForce()
    {
        var factory = new TlsContextFactory();
        var first = Policy(Pki.Root.Pem);
        var next = first with
        {
            Policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustedCA = Pki.Root.Pem, Alpn = ["mqtt"] }),
        };
        var log = new UpstreamLog(
            NullLogger.Instance, NullLogger.Instance, TlsInstruments.Default, TimeProvider.System, "orders");
        var upstream = new Upstream(
            new OutboundTlsContext(factory.CreateGeneration(first.Policy, "orders")), first, "orders", log,
            TimeProvider.System);

        upstream.Check(next);
        Assert.Null(upstream.BindClient("client 'orders'"));
        var refused = Assert.Throws<TlsPolicyException>(
            () => upstream.Replace(factory.CreateGeneration(next.Policy, "orders"), next));

        Assert.Equal(DiagnosticCodes.NoHttpInAlpn, Assert.Single(refused.Diagnostics).Code);
        Assert.Equal((1, first), (upstream.Current.Number, upstream.Source));
    }

    private static RegisteredPolicy Policy(string ca) =>
        new(OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustedCA = ca }), "code", new Place("orders"));

    private sealed class ThrowingClock : TimeProvider
    {
        public int CallsLeft { get; set; } = int.MaxValue;

        public override DateTimeOffset GetUtcNow() =>
            CallsLeft-- > 0 ? DateTimeOffset.UtcNow : throw new InvalidOperationException("The clock stands still.");
    }

    private sealed class User(Action<UpstreamGeneration> adopt) : IGenerationUser
    {
        public bool NeedsHttp => false;

        public void Adopt(UpstreamGeneration generation) => adopt(generation);
    }
}
