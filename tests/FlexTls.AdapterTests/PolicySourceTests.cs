using FlexTls.Support;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Policies that come from a control plane.</summary>
public class PolicySourceTests
{
    private readonly ControlPlane _source = new()
    {
        Texts = { ["orders"] = Provided.Binding("orders", "{}"), ["billing"] = Provided.Binding("billing", "{}") },
    };

    [Fact]
    public async Task AChange_IsPutInForce_AndNoOtherUpstreamIsTouched()
    {
        await using var services = new Provided(tls => tls.AddPolicySource(_source));
        Assert.Equal(["billing", "orders"], services.Status.Upstreams.Select(upstream => upstream.Name));

        _source.Change("orders", Provided.Binding("orders", "{ minversion: '1.3' }"));
        await Deadline.UntilAsync(() => services.Of("orders").Generation == 2);

        Assert.Equal(TlsVersion.Tls13, services.Contexts.GetContext("orders").Effective.MinVersion);
        Assert.Equal(1, services.Of("billing").Generation);
    }

    [Fact]
    public async Task AFaultOfOneBinding_HoldsBackItsUpstreamAlone_AndIsNamedWithItsPlace()
    {
        await using var services = new Provided(tls => tls.AddPolicySource(_ => _source));
        Assert.Equal(2, services.Status.Upstreams.Count);

        _source.Texts["billing"] = Provided.Binding("billing", "{ minversion: '1.3' }");
        _source.Change("orders", Provided.Binding("orders", "{ minversion: '1.4' }"));
        await Deadline.UntilAsync(() => services.Of("billing").Generation == 2);

        var (fault, orders) = (Assert.Single(services.Status.Faults), services.Of("orders"));
        Assert.Equal(("FTLS2007", "orders", 7), (fault.Code, fault.FileName, fault.Line));
        Assert.Equal((1, UpstreamTlsState.Degraded), (orders.Generation, orders.State));
    }

    [Fact]
    public async Task ASourceThatFails_HoldsBackAllItHad_AndSaysNothingOfItsMessage()
    {
        await using var services = new Provided(tls => tls.AddPolicySource(_source));
        Assert.Equal(2, services.Status.Upstreams.Count);

        _source.Failure = new InvalidOperationException("a secret");
        var faults = await services.ReloadAsync();

        Assert.Equal(
            "the policy source 'control plane' cannot be read: it failed (InvalidOperationException).",
            Assert.Single(faults).Message);
        Assert.All(services.Status.Upstreams, upstream => Assert.Equal(UpstreamTlsState.Degraded, upstream.State));
        _source.Failure = null;
        Assert.Empty(await services.ReloadAsync());
        Assert.All(services.Status.Upstreams, upstream => Assert.Equal(UpstreamTlsState.UpToDate, upstream.State));
    }

    [Fact]
    public async Task ASourceThatFailsAtStart_EndsTheStart()
    {
        _source.Failure = new InvalidOperationException();
        await using var services = new Provided(tls => tls.AddPolicySource(_source));

        var refused = Assert.Throws<TlsPolicyException>(() => services.Contexts.GetContext("orders"));

        Assert.Equal("FTLS7024", Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task TwoTextsForOneService_AreAConflict()
    {
        _source.Texts["more"] = Provided.Binding("orders", "{}");
        await using var services = new Provided(tls => tls.AddPolicySource(_source));

        var refused = Assert.Throws<TlsPolicyException>(() => services.Contexts.GetContext("orders"));

        Assert.StartsWith("FTLS10", Assert.Single(refused.Diagnostics).Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APolicyThatIsGone_StaysInForce()
    {
        await using var services = new Provided(tls => tls.AddPolicySource(_source));
        Assert.Equal(2, services.Status.Upstreams.Count);

        _source.Texts.Remove("orders");
        var fault = Assert.Single(await services.ReloadAsync());

        Assert.Equal("FTLS7016", fault.Code);
        Assert.Equal(UpstreamTlsState.Degraded, services.Of("orders").State);
    }
}
