using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace FlexTls.Telemetry;

/// <summary>A pipeline of OpenTelemetry answers the questions of docs/operations.md, under its names.</summary>
public partial class OperationsTests
{
    private const string Page = "docs/operations.md";

    [Fact]
    public async Task Prometheus_HasTheAnswers_UnderTheNamesOfThePage()
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var stranger = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.Foreign.IssueServer("localhost", "localhost")), Deadline.Token());
        await using var app = await StartAsync();
        var clients = app.Services.GetRequiredService<IHttpClientFactory>();
        using var client = clients.CreateClient("orders");

        await client.GetStringAsync(upstream.Address, Deadline.Token());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(stranger.Address, Deadline.Token()));
        await app.Services.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());
        using var scraper = app.GetTestClient();
        var scraped = await scraper.GetStringAsync("/metrics", Deadline.Token());

        // The exporter hears the meters of tests that run beside this one, too.
        const string Orders = "flextls_upstream=\"orders\"";
        const string Loose = "flextls_upstream=\"loose\"";
        string[] expected =
        [
            $@"flextls_handshake_duration_seconds_count{{.*{Orders}.*tls_protocol_version=""1.3"".*}} [1-9]",
            $@"flextls_handshake_duration_seconds_count{{.*error_type=""FTLS5[0-9]+"".*{Orders}.*}} [1-9]",
            $@"flextls_connection_failures(_connection)?_total{{.*error_type=""FTLS5[0-9]+"".*{Orders}.*}} [1-9]",
            $@"flextls_connections(_connection)?{{.*flextls_connection_state=""open"".*{Orders}.*}} [1-9]",
            $@"flextls_certificate_expiry_seconds{{.*flextls_certificate_role=""trusted_ca"".*{Orders}.*}} [0-9]",
            $@"flextls_generation(_generation)?{{.*{Orders}.*}} [1-9]",
            $@"flextls_dangerous(_setting)?{{.*{Loose}.*flextls_weakening=""skipValidation"".*}} [1-9]",
            $@"flextls_degraded(_upstream)?{{.*{Orders}.*}} 0",
            $@"flextls_faults(_fault)?{{?.*}}? 0",
            $@"flextls_reloads(_reload)?_total{{.*flextls_reload_outcome=""unchanged"".*}} [1-9]",
            $@"flextls_weakenings(_weakening)?_total{{.*{Loose}.*flextls_weakening=""skipValidation"".*}} [1-9]",
        ];
        Assert.All(expected, line => Assert.Matches($"(?m)^{line}", scraped));

        var names = NamesOfMetrics.Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, Page)))
            .Concat(Dashboard.Expressions().SelectMany(query => NamesOfMetrics.Matches(query)))
            .Select(name => name.Value).Distinct().Except(Attributes()).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches($"\\b{name}[{{=]", scraped));
    }

    [Fact]
    public void TheDashboard_AsksForAttributesOfThePage()
    {
        var known = Attributes().Append("le").ToList();
        var asked = Dashboard.Expressions()
            .SelectMany(query => Selectors.Matches(query).Select(match => match.Groups["label"].Value)
                .Concat(Groupings.Matches(query).SelectMany(match => match.Groups["labels"].Value.Split(", "))))
            .Concat(Dashboard.Legends().SelectMany(
                legend => Placeholders.Matches(legend).Select(match => match.Groups["label"].Value)))
            .Distinct().ToList();

        Assert.Contains("tls_curve", asked);
        Assert.Subset(known.ToHashSet(), asked.ToHashSet());
    }

    [Fact]
    public async Task ThePage_HasEveryInstrument_WithItsUnit()
    {
        var published = new List<string>();
        await using var clients = ClientHost.Under(Pki.Trusting());
        _ = clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus();
        var factory = clients.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "FlexTls" && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    published.Add($"`{instrument.Name}` {instrument.Unit}");
                }
            },
        };
        listener.Start();

        Assert.Equal(
            published.Order(StringComparer.Ordinal),
            MarkdownTable.Rows(Page, "`flextls.").Select(row => $"{row[0]} {row[1].Split(", ")[1]}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ThePage_HasEveryAttribute()
    {
        var names = typeof(TelemetryTags).GetFields().Select(field => (string)field.GetValue(null)!);

        Assert.All(
            names, name => Assert.Contains(
                MarkdownTable.Rows(Page, "`flextls."), row => row[2].Contains($"`{name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void ThePage_HasEveryLogEvent_WithItsLevelAndText()
    {
        Assembly[] libraries = [typeof(OutboundTlsContext).Assembly, typeof(OutboundTlsHandler).Assembly];
        var events = libraries.SelectMany(library => library.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .OrderBy(message => message.EventId).ToList();

        Assert.Equal(events.Count, events.DistinctBy(message => message.EventId).Count());
        Assert.Equal(
            events.Select(message => $"{message.EventId} {message.Level} `{message.Message}`"),
            MarkdownTable.Rows(Page, "").Where(row => int.TryParse(row[0], out var id) && id < 60)
                .Select(row => $"{row[0]} {row[1]} {row[3]}"));
    }

    [Fact]
    public async Task Traces_HaveTheHandshake_UnderTheRequest_AndTheReload_AsARoot()
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        var exported = new List<Activity>();
        await using var app = await StartAsync(exported);
        var clients = app.Services.GetRequiredService<IHttpClientFactory>();
        using var tests = new ActivitySource("tests");
        Activity caller;
        using (caller = tests.StartActivity("caller")!)
        {
            using var client = clients.CreateClient("orders");
            await client.GetStringAsync(upstream.Address, Deadline.Token());
            await app.Services.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());
        }

        app.Services.GetRequiredService<TracerProvider>().ForceFlush();
        List<Activity> own;
        lock (exported)
        {
            own = [.. exported.Where(activity => activity.Source.Name == "FlexTls")];
        }

        var handshake = Assert.Single(
            own, activity => activity.OperationName == "TLS handshake" && activity.TraceId == caller.TraceId);
        Assert.Equal("TLS handshake localhost", handshake.DisplayName);
        Assert.Equal("orders", handshake.GetTagItem("flextls.upstream"));
        Assert.Contains(own, activity => activity.OperationName == "policy reload" && activity.ParentId is null
            && activity.GetTagItem("flextls.reload.outcome") as string == "unchanged");
    }

    /// <summary>The attributes under their names in Prometheus.</summary>
    private static IEnumerable<string> Attributes() => typeof(TelemetryTags).GetFields()
        .Select(field => ((string)field.GetValue(null)!).Replace('.', '_'));

    [Fact]
    public async Task ThePage_ShowsARegistrationThatCollects()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        OperationsPage.AddTelemetry(builder);
        await using var app = builder.Build();

        Assert.NotNull(app.Services.GetService<MeterProvider>());
        Assert.NotNull(app.Services.GetService<TracerProvider>());
    }

    private static async Task<WebApplication> StartAsync(List<Activity>? exported = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("FlexTls").AddPrometheusExporter(
                options => options.ScrapeResponseCacheDurationMilliseconds = 0))
            .WithTracing(tracing => tracing.AddSource("FlexTls", "tests").AddInMemoryExporter(exported ?? []));
        builder.Services.AddOutboundTls(tls => tls
            .AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting()))
            .AddPolicy("loose", options => options.DangerousSkipValidation = true));
        builder.Services.AddHttpClient("orders").AddOutboundTls();
        builder.Services.AddHttpClient("loose").AddOutboundTls();
        var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync(Deadline.Token());
        return app;
    }

    [GeneratedRegex("flextls_[a-z_]*(?=[{)\\[ ])")]
    private static partial Regex NamesOfMetrics { get; }

    [GeneratedRegex("[{,](?<label>[a-z_]+)(=|!=|=~)\"")]
    private static partial Regex Selectors { get; }

    [GeneratedRegex("by \\((?<labels>[a-z_, ]+)\\)")]
    private static partial Regex Groupings { get; }

    [GeneratedRegex("{{(?<label>[a-z_]+)}}")]
    private static partial Regex Placeholders { get; }
}
