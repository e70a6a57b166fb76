using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>A host does not start with a fault anywhere: all of them are told in one exception, before anything runs.</summary>
public class StartTests
{
    [Fact]
    public async Task WhatTheUsersOwnCodeThrows_DoesNotHideTheFaults()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("nowhere.yaml"));
        host.Builder.Services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => throw new NotSupportedException("the user's")).AddOutboundTls();

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.Contains(refused.Diagnostics, fault => fault.Code == "FTLS1024");
    }

    [Fact]
    public async Task WhatTheUsersOwnCodeThrows_IsThrown_WhereNothingElseIsWrong()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => throw new NotSupportedException("the user's"))
            .AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));

        await Assert.ThrowsAsync<NotSupportedException>(host.StartAsync);
    }

    [Fact]
    public async Task AllFaultsOfAllSourcesAndClients_AreInOneException()
    {
        await using var host = new PolicyHost();
        AddFaults(host);

        var exception = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.Equal(
            [
                DiagnosticCodes.UnknownKey, DiagnosticCodes.NoSuchFile, DiagnosticCodes.UnknownVersion, DiagnosticCodes.UnknownVersion, DiagnosticCodes.UnknownVersion,
                DiagnosticCodes.NotAServiceName, DiagnosticCodes.ForeignPrimaryHandler, DiagnosticCodes.TlsSettingOnHandler, DiagnosticCodes.ClientBoundTwice,
                DiagnosticCodes.NoSuchSection,
            ],
            exception.Diagnostics.Select(diagnostic => diagnostic.Code).Order(StringComparer.Ordinal));
        Assert.Contains(exception.Diagnostics, fault => fault.FileName?.EndsWith("orders.yaml", StringComparison.Ordinal) == true && fault.Line == 9);
        Assert.All(exception.Diagnostics, fault => Assert.Contains(fault.ToString(), exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheFaultsOfSources_StandBeforeThoseOfClients_WhichDoNotRepeatThem()
    {
        await using var host = new PolicyHost();
        AddFaults(host);
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        var codes = refused.Diagnostics.Select(fault => fault.Code).ToList();
        string[] ofClients =
        [
            DiagnosticCodes.NotAServiceName, DiagnosticCodes.ClientBoundTwice, DiagnosticCodes.ForeignPrimaryHandler,
            DiagnosticCodes.TlsSettingOnHandler,
        ];
        Assert.Equal(ofClients.Order(), codes.TakeLast(ofClients.Length).Order());
        Assert.DoesNotContain(DiagnosticCodes.NoPolicyForClient, codes);
    }

    [Fact]
    public async Task NoHostedService_StartsBeforeTheCheck()
    {
        await using var host = new PolicyHost();
        var first = new StartRecorder();
        host.Builder.Services.AddSingleton<IHostedService>(first);
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("missing.yaml"));

        await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.False(first.IsStarted);
    }

    [Fact]
    public async Task WithoutFaults_TheHostStarts()
    {
        await using var host = new PolicyHost();
        var service = new StartRecorder();
        host.Write("orders.yaml", PolicyYaml.Binding("orders", PolicyYaml.Trusting));
        host.Builder.Services.AddSingleton<IHostedService>(service);
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml"));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        await host.StartAsync();

        Assert.True(service.IsStarted);
        Assert.Empty(host.Log.Warnings);
    }

    [Fact]
    public async Task WithoutAHost_TheFirstUseThrows_AndEveryOther()
    {
        await using var host = new PolicyHost();
        AddFaults(host);
        host.Builder.Services.AddHttpClient("stock");
        var contexts = host.Services.GetRequiredService<IOutboundTlsContextProvider>();

        var first = Assert.Throws<TlsPolicyException>(() => host["stock"]);

        Assert.Equal(first.Diagnostics, Assert.Throws<TlsPolicyException>(() => contexts.GetContext("orders")).Diagnostics);
        Assert.Equal(first.Diagnostics, Assert.Throws<TlsPolicyException>(() => contexts.TryGetContext("orders", out _)).Diagnostics);
        Assert.Equal(first.Diagnostics, Assert.Throws<TlsPolicyException>(() => host["twice"]).Diagnostics);
        var withHandler = Assert.Throws<TlsPolicyException>(() => host["foreign"]).Diagnostics;
        Assert.Equal([.. first.Diagnostics.Select(fault => fault.Code), DiagnosticCodes.ForeignPrimaryHandler], withHandler.Select(fault => fault.Code));
    }

    [Fact]
    public async Task AClientOfADefaultCall_IsCheckedAtStartToo()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default).AddPolicy("a/many", OutboundTlsPolicy.Default).AddPolicy("b/many", OutboundTlsPolicy.Default));
        host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        host.Builder.Services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());
        host.Builder.Services.AddHttpClient("many", client => client.Timeout = TimeSpan.FromSeconds(1));
        host.Builder.Services.AddHttpClient("free").ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());

        var faults = (await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics;

        Assert.Equal([DiagnosticCodes.AmbiguousService, DiagnosticCodes.ForeignPrimaryHandler], faults.Select(fault => fault.Code).Order(StringComparer.Ordinal));
        Assert.Contains(faults, fault => fault.Message.StartsWith("client 'orders'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AClientThatIsRefused_IsRefusedWhenItIsMade()
    {
        // Libraries register clients that a program need not use.
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.UnboundClients = UnboundClientBehavior.Refuse);
        host.Builder.Services.AddHttpClient("library", client => client.Timeout = TimeSpan.FromSeconds(1));

        await host.StartAsync();

        Assert.Equal(DiagnosticCodes.UnboundClient, Assert.Single(Assert.Throws<TlsPolicyException>(() => host["library"]).Diagnostics).Code);
    }

    private static void AddFaults(PolicyHost host)
    {
        host.Write("orders.yaml", PolicyYaml.Binding("orders", "minversion: 1.4"));
        var section = Registered.Json("""{ "OutboundTls": { "Upstreams": { "billing": { "maxversion": "1.5", "cipher": [] } } } }""").GetSection("OutboundTls");
        var services = host.Builder.Services;
        services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml").AddPolicyFile("missing/*.yaml"));
        services.AddOutboundTls(section).AddOutboundTls(Registered.Json("{}").GetSection("Nowhere"));
        services.AddOutboundTls(tls => tls.AddPolicy("invoices", options => options.MinVersion = (TlsVersion)2));
        services.AddHttpClient("path").AddOutboundTls("./orders.yaml");
        services.AddHttpClient("foreign").ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler()).AddOutboundTls(OutboundTlsPolicy.Default);
        services.AddHttpClient("set").ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { SslOptions = { TargetHost = "x" } }).AddOutboundTls(OutboundTlsPolicy.Default);
        services.AddHttpClient("twice").AddOutboundTls(OutboundTlsPolicy.Default).AddOutboundTls(OutboundTlsPolicy.GatewayDefault);
    }

    private sealed class StartRecorder : IHostedService
    {
        public bool IsStarted { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            IsStarted = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
