using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Options of a policy that are written where nothing reads them must not mean the defaults.</summary>
public class UnreadOptionsTests
{
    private static readonly Dictionary<string, Action<IServiceCollection>> Mistakes = new(StringComparer.Ordinal)
    {
        ["Configure"] = services =>
            services.Configure<OutboundTlsOptions>(options => options.MinVersion = TlsVersion.Tls13),
        ["Configure by name"] = services => services.Configure<OutboundTlsOptions>("orders", _ => { }),
        ["PostConfigure"] = services => services.PostConfigure<OutboundTlsOptions>(_ => { }),
        ["a bound section"] = services =>
            services.AddOptions<OutboundTlsOptions>().Configure<IConfiguration>((_, _) => { }),
        ["a change token"] = services => services.AddSingleton<IOptionsChangeTokenSource<OutboundTlsOptions>>(
            new ConfigurationChangeTokenSource<OutboundTlsOptions>(new ConfigurationBuilder().Build())),
    };

    public static TheoryData<string, bool> Cases =>
        [.. from name in Mistakes.Keys from before in (bool[])[true, false] select (name, before)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AHost_DoesNotStart(string name, bool before)
    {
        using var host = Host(name, before);

        var refusal = await Assert.ThrowsAsync<TlsPolicyException>(() => host.StartAsync(Deadline.Token()));

        var fault = Assert.Single(refusal.Diagnostics);
        Assert.Equal(("FTLS7038", TlsPolicyDiagnosticSeverity.Error), (fault.Code, fault.Severity));
        Assert.Contains("AddPolicy(name, options => …)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstUseWithoutAHost_IsRefused()
    {
        using var host = Host("Configure", before: false);

        Assert.Throws<TlsPolicyException>(
            () => host.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders"));
    }

    [Fact]
    public async Task OptionsOfTheProgramsOwn_AreNoMistake()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOptions<OutboundTlsOptions>();
        builder.Services.AddSingleton(typeof(IConfigureOptions<>), typeof(AnyOptions<>));
        builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        using var host = builder.Build();

        await host.StartAsync(Deadline.Token());
        await host.StopAsync(Deadline.Token());
    }

    private static IHost Host(string mistake, bool before)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        if (before)
        {
            Mistakes[mistake](builder.Services);
        }

        builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        if (!before)
        {
            Mistakes[mistake](builder.Services);
        }

        return builder.Build();
    }

    private sealed class AnyOptions<T> : IConfigureOptions<T>
        where T : class
    {
        public void Configure(T options)
        {
        }
    }
}
