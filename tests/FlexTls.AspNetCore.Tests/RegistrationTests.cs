using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Pages;

/// <summary>How a program maps the page.</summary>
public class RegistrationTests
{
    [Theory]
    [InlineData("text/html", HttpStatusCode.Unauthorized)]
    [InlineData("application/json", HttpStatusCode.OK)]
    public async Task RequireAuthorization_LetsInOnlyWhoMay(string accept, HttpStatusCode expected)
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Services = services =>
            {
                services.AddAuthorization();
                services.AddAuthentication("test")
                    .AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
            },
            App = app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
            },
            Endpoint = endpoint => endpoint.RequireAuthorization(),
        });

        using var response = await host.SendAsync(HttpMethod.Get, accept);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task WithoutAddOutboundTls_MappingFails()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        await using var app = builder.Build();

        var fault = Assert.Throws<InvalidOperationException>(() => app.MapOutboundTls("/status"));

        Assert.Contains("AddOutboundTls", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheCallOfThePage_MapsTheStatus()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.AddOutboundTls();
        await using var app = builder.Build();

        // <snippet>
        app.MapOutboundTls("/internal/outbound-tls").RequireAuthorization("operators");
        // </snippet>

        var endpoint = Assert.Single(((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
        Assert.Equal("operators", endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>()!.Policy);
    }

    [Fact]
    public void TheMapping_IsInTheNamespaceOfTheOtherMappings() => Assert.Equal(
        typeof(EndpointRouteBuilderExtensions).Namespace, typeof(OutboundTlsEndpointRouteBuilderExtensions).Namespace);

    [Fact]
    public async Task NullArguments_AreRefused()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        await using var app = builder.Build();

        Assert.Throws<ArgumentNullException>(() => app.MapOutboundTls(null!));
        Assert.Throws<ArgumentNullException>(
            () => OutboundTlsEndpointRouteBuilderExtensions.MapOutboundTls(null!, "/status"));
    }
}
