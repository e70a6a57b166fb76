using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>A policy that is in two sources, or moves from one to another.</summary>
public class MovingPolicyTests
{
    private const string Strict = "{ minversion: 1.3 }";
    private const string Weak = "{ skipValidation: true, extensions: { allowPlainHttp: true } }";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BetweenTwoSourcesOfOnesOwn_WhileTheStartReadsThem_ItIsFound(bool fires)
    {
        var first = new Moving("first", "other", fires);
        var second = new Moving("second", "billing", fires, "orders");
        second.WhileRead = () =>
        {
            first.Move("orders");
            second.Move(null);
        };
        await using var provided = new Provided(tls =>
        {
            tls.ReloadOnChange = false;
            tls.AddPolicySource(first);
            tls.AddPolicySource(second);
        });

        Assert.NotNull(provided.Contexts.GetContext("orders"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TextsThatDifferEachTime_StartTheProgram_IfNoPolicyMoves(bool isAlone)
    {
        var stamped = new ControlPlane { IsStamped = true, Token = new Polled() };
        stamped.Texts["a"] = Provided.Binding("orders", Strict);
        await using var provided = new Provided(tls =>
        {
            tls.ReloadOnChange = false;
            tls.AddPolicySource(stamped);
            if (!isAlone)
            {
                tls.AddPolicy("billing", options => options.MinVersion = TlsVersion.Tls13);
            }
        });

        Assert.NotNull(provided.Contexts.GetContext("orders"));
    }

    [Fact]
    public async Task ASourceThatFailsOnceWhenItIsAskedAgain_IsAskedOnceMore()
    {
        var source = new Moving("source", "orders", fires: true);
        source.WhileRead = () =>
        {
            source.Move("more");
            source.WhileRead = () => throw new IOException();
        };
        await using var provided = new Provided(tls =>
        {
            tls.ReloadOnChange = false;
            tls.AddPolicySource(source);
            tls.AddPolicy("billing", options => options.MinVersion = TlsVersion.Tls13);
        });

        Assert.NotNull(provided.Contexts.GetContext("orders"));
        Assert.NotNull(provided.Contexts.GetContext("more"));
    }

    [Fact]
    public async Task WhoHasAnUpstream_KeepsItWhileItCannotBeRead_AlsoAfterAConflict()
    {
        var (owner, other) = (new ControlPlane(), new ControlPlane());
        owner.Texts["a"] = Provided.Binding("orders", Strict);
        await using var provided = new Provided(tls =>
        {
            tls.ReloadOnChange = false;
            tls.AddPolicySource(owner);
            tls.AddPolicySource(other);
        });
        Assert.Equal(TlsVersion.Tls13, provided.Contexts.GetContext("orders").Effective.MinVersion);

        other.Texts["b"] = Provided.Binding("orders", Weak);
        await provided.ReloadAsync();
        Assert.Equal("FTLS1014", provided.Of("orders").Degradation?.Diagnostics[0].Code);
        owner.Failure = new IOException();
        await provided.ReloadAsync();
        Assert.Equal((1, UpstreamTlsState.Degraded), (provided.Of("orders").Generation, provided.Of("orders").State));

        // Without it, the upstream is the other's.
        (owner.Failure, owner.Texts["a"]) = (null, Provided.Binding("billing", Strict));
        await provided.ReloadAsync();
        Assert.Equal(2, provided.Of("orders").Generation);
    }

    [Fact]
    public async Task AFileThatIsNamedInAnotherWay_KeepsItsUpstreams()
    {
        var folder = Directory.CreateTempSubdirectory("flextls-");
        var file = Path.Combine(folder.FullName, "a.yaml");
        File.WriteAllText(file, Provided.Binding("orders", Strict) + "\n");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create("Tls:PolicyFiles:0", (string?)file)]).Build();
        await using (var provided = new Provided(tls =>
        {
            tls.ReloadOnChange = false;
            tls.AddConfiguration(configuration.GetSection("Tls"));
        }))
        {
            Assert.NotNull(provided.Contexts.GetContext("orders"));
            configuration["Tls:PolicyFiles:0"] = Path.Combine(folder.FullName, "*.yaml");
            File.WriteAllText(file, "a: [");
            await provided.ReloadAsync();
            configuration["Tls:Upstreams:orders:skipValidation"] = "true";
            await provided.ReloadAsync();

            Assert.Equal(1, provided.Of("orders").Generation);
            Assert.Equal("FTLS1001", provided.Of("orders").Degradation?.Diagnostics[0].Code);
        }

        folder.Delete(recursive: true);
    }

    /// <summary>A source with one policy that stays and one that comes or goes, while it is read for the first time.</summary>
    private sealed class Moving(string name, string staying, bool fires, string? moving = null) : ITlsPolicySource
    {
        private ConfigurationReloadToken _changed = new();
        private string? _moving = moving;

        public string Name => name;

        public Action? WhileRead { get; set; }

        public ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken)
        {
            var whileRead = WhileRead;
            WhileRead = null;
            whileRead?.Invoke();
            var texts = new[] { staying, _moving }.OfType<string>().Select(
                service => reader.Read(Provided.Binding(service, Strict), $"{name}/{service}"));
            return ValueTask.FromResult(TlsPolicySet.Combine([.. texts]));
        }

        public IChangeToken GetChangeToken() => fires ? _changed : new Polled();

        public void Move(string? service)
        {
            _moving = service;
            Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
        }
    }

    /// <summary>A token that calls nobody.</summary>
    private sealed class Polled : IChangeToken
    {
        public bool HasChanged => false;

        public bool ActiveChangeCallbacks => false;

        public IDisposable RegisterChangeCallback(Action<object?> callback, object? state) => new MemoryStream();
    }
}
