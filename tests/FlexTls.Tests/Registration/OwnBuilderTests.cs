using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Builders of handlers of the program's own do what they did, for clients that have no policy.</summary>
public class OwnBuilderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheProgramsActions_FindTheBuilderOfTheProgram(bool policyFirst)
    {
        var types = new List<Type>();
        await using var host = Create(policyFirst, services =>
        {
            services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
            services.Configure<HttpClientFactoryOptions>(
                "free",
                options => options.HttpMessageHandlerBuilderActions.Add(builder => types.Add(builder.GetType())));
        });

        using var client = host["free"];

        Assert.Equal([typeof(OwnBuilder)], types);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ABuilderThatTakesNoHandlers_Builds(bool policyFirst)
    {
        await using var host = Create(
            policyFirst, services => services.AddTransient<HttpMessageHandlerBuilder, FixedBuilder>());
        using var client = host["free"];

        Assert.Equal("fixed", await client.GetStringAsync("https://localhost/", Deadline.Token()));
    }

    [Fact]
    public async Task ThePlatformsBuilder_BuildsTwice()
    {
        await using var host = Create(policyFirst: true, _ => { });
        var builder = host.Services.GetRequiredService<HttpMessageHandlerBuilder>();

        Assert.NotSame(builder.Build(), builder.Build());
        Assert.Empty(builder.AdditionalHandlers);
    }

    private static PolicyHost Create(bool policyFirst, Action<IServiceCollection> other)
    {
        var host = new PolicyHost();
        var services = host.Builder.Services;
        Action policy = () => services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        // The logging of the platform puts in handlers too.
        services.AddHttpClient("free").RemoveAllLoggers();
        foreach (var step in policyFirst ? [policy, () => other(services)] : new[] { () => other(services), policy })
        {
            step();
        }

        return host;
    }

    private sealed class FixedBuilder : HttpMessageHandlerBuilder
    {
        public override string? Name { get; set; }

        public override HttpMessageHandler PrimaryHandler { get; set; } = new SocketsHttpHandler();

        public override IList<DelegatingHandler> AdditionalHandlers => Array.Empty<DelegatingHandler>();

        public override HttpMessageHandler Build() => new Answering();
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("fixed") });
    }
}
