using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class ReferencePagesTests
{
    [Fact]
    public async Task TheSnippets_WorkTogether()
    {
        using var folder = new GuideFolder();
        folder.WritePolicy("policies/orders.yaml", "orders");
        folder.WritePolicy("policies/echo.yaml", "echo");
        folder.Write("policies/billing.yaml", Provided.Binding("billing", "{}")
            .Replace("name: billing }", "name: billing, namespace: payments }", StringComparison.Ordinal));
        var builder = folder.Builder();
        ReferencePages.AddClients(builder, new Uri("https://localhost"));
        ReferencePages.AddHealth(builder);
        await using var app = builder.Build();

        var status = ReferencePages.Status(app);
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Deadline.Token());

        Assert.Equal(["echo", "orders", "payments/billing"], status.Upstreams.Select(upstream => upstream.Name).Order());
        Assert.NotEqual(HealthStatus.Unhealthy, health.Status);
    }

    [Fact]
    public async Task TheWarnings_AreThoseOfThePage()
    {
        using var folder = new GuideFolder();
        folder.WritePolicy("policies/orders.yaml", "orders");
        var builder = folder.Builder();
        ReferencePages.SetWarnings(builder);
        await using var app = builder.Build();

        Assert.Equal("orders", Assert.Single(ReferencePages.Status(app).Upstreams).Name);
    }
}
