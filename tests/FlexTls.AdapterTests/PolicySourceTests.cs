using FlexTls.Support;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Policies that come from a control plane.</summary>
public class PolicySourceTests
{
    private sealed class Foreign(string path) : ITlsPolicySource
    {
        public string Name => "foreign";

        public ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken) =>
            ValueTask.FromResult(TlsPolicyFile.Load(path));

        public Microsoft.Extensions.Primitives.IChangeToken GetChangeToken() =>
            new Microsoft.Extensions.Configuration.ConfigurationReloadToken();
    }

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
    public async Task ASourceWhoseAnswersAllDiffer_ChangesLikeAnyOther()
    {
        var stamped = new ControlPlane { IsStamped = true, Texts = { ["orders"] = Provided.Binding("orders", "{}") } };
        await using var services = new Provided(tls => tls.AddPolicySource(stamped));
        Assert.Single(services.Status.Upstreams);

        stamped.Change("orders", Provided.Binding("orders", "{ minversion: '1.3' }"));
        await Deadline.UntilAsync(() => services.Of("orders").Generation == 2);

        Assert.Equal(TlsVersion.Tls13, services.Of("orders").Settings.MinVersion);
    }

    [Fact]
    public async Task ASetThatAnotherReaderHasRead_IsAFaultOfTheSource()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, Provided.Binding("orders", "{}"), Deadline.Token());
        await using var services = new Provided(tls => tls.AddPolicySource(new Foreign(path)));

        var refused = Assert.Throws<TlsPolicyException>(() => services.Contexts.GetContext("orders"));

        Assert.EndsWith(
            "it returned what its reader has not read.", Assert.Single(refused.Diagnostics).Message,
            StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public async Task ReadingsThatFail_LeaveNoRegistrationWithTheToken_AndNeitherDoTheServices()
    {
        var token = new CountingToken();
        var source = new ControlPlane { Token = token, Texts = { ["orders"] = Provided.Binding("orders", "{}") } };
        await using (var services = new Provided(tls => tls.AddPolicySource(source)))
        {
            Assert.Single(services.Status.Upstreams);
            source.Failure = new InvalidOperationException();
            for (var i = 0; i < 5; i++)
            {
                Assert.NotEmpty(await services.ReloadAsync());
            }

            source.Failure = null;
            Assert.Empty(await services.ReloadAsync());
            await Deadline.UntilAsync(() => token.Listeners == 1);
        }

        await Deadline.UntilAsync(() => token.Listeners == 0);
    }

    [Fact]
    public async Task AName_IsOneShortLine_InEveryFinding()
    {
        _source.Texts.Clear();
        _source.Texts[$"a\u001B[31m{new string('x', 100_000)}"] = Provided.Binding("orders", "{ minversion: '1.4' }");
        await using var services = new Provided(tls => tls.AddPolicySource(_source));

        var refused = Assert.Throws<TlsPolicyException>(() => services.Contexts.GetContext("orders"));

        Assert.InRange(refused.Message.Length, 1, 1000);
        Assert.DoesNotContain('\u001B', refused.Diagnostics[0].FileName!);
    }

    [Fact]
    public async Task AFaultOfTheWholeSource_HoldsBackWhatItHad_AlsoIfAnotherSourceNamesIt()
    {
        var other = new ControlPlane();
        await using var services = new Provided(tls => tls.AddPolicySource(_source).AddPolicySource(other));
        Assert.Equal(2, services.Status.Upstreams.Count);

        _source.Failure = new InvalidOperationException();
        other.Texts["orders"] = Provided.Binding("orders", "{ skipValidation: true }");
        await services.ReloadAsync();

        Assert.Equal((1, UpstreamTlsState.Degraded), (services.Of("orders").Generation, services.Of("orders").State));
    }

    [Fact]
    public async Task AFaultOfOneBinding_HoldsBackItsUpstreamAlone_AndIsNamedWithItsPlace()
    {
        await using var services = new Provided(tls => tls.AddPolicySource(_ => _source));
        Assert.Equal(2, services.Status.Upstreams.Count);

        _source.Texts["billing"] = Provided.Binding("billing", "{ minversion: '1.3' }");
        _source.Change("orders", Provided.Binding("orders", "{ minversion: '1.4' }"));

        // A pass changes its upstreams one by one.
        await Deadline.UntilAsync(() =>
            services.Of("billing").Generation == 2 && services.Of("orders").State == UpstreamTlsState.Degraded);

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
