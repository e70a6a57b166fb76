using System.Net;
using Xunit;

namespace FlexTls.Pages;

/// <summary>Who gets the page, and who JSON.</summary>
public class NegotiationTests
{
    private const string Html = "text/html";
    private const string Json = "application/json";

    [Theory]
    [InlineData(null, Json)]
    [InlineData("", Json)]
    [InlineData("*/*", Json)]
    [InlineData("application/json", Json)]
    [InlineData("application/xml", Json)]
    [InlineData("text/plain", Json)]
    [InlineData("not a media type", Json)]
    [InlineData("text/html", Html)]
    [InlineData("TEXT/HTML", Html)]
    [InlineData("text/*", Html)]
    [InlineData("text/html, */*", Html)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", Html)]
    [InlineData("text/html, application/json", Json)]
    [InlineData("text/html;q=0.5, application/json", Json)]
    [InlineData("text/html, application/json;q=0.9", Html)]
    [InlineData("text/html;q=0", Json)]
    [InlineData("text/*, text/html;q=0", Json)]
    [InlineData("text/html;q=0.1, */*;q=0.5", Json)]
    public async Task AcceptHeader_DecidesTheForm(string? accept, string form)
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions());

        using var response = await host.SendAsync(HttpMethod.Get, accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(form, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["Accept"], response.Headers.Vary);
    }

    [Theory]
    [InlineData(Html)]
    [InlineData(Json)]
    public async Task Head_HasTheHeadersOfGet_AndNoContent(string form)
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions());

        using var head = await host.SendAsync(HttpMethod.Head, form);
        using var get = await host.SendAsync(HttpMethod.Get, form);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(Names(get), Names(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task OtherMethods_AreRefused()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions());

        using var response = await host.SendAsync(HttpMethod.Post);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private static IEnumerable<string> Names(HttpResponseMessage response) =>
        response.Headers.Select(header => header.Key).Where(name => name != "Transfer-Encoding")
            .Order(StringComparer.Ordinal);
}
