using System.Net;
using Xunit;

namespace FlexTls.Redirects;

/// <summary>Where a redirect may lead, beyond what servers of the differential test can be asked for.</summary>
public class RedirectRulesTests
{
    [Theory]
    [InlineData("https://a.example/", "http://a.example/x", null)]
    [InlineData("https://a.example/", "ftp://a.example/x", null)]
    [InlineData("https://a.example/", "wss://a.example/x", "wss://a.example/x")]
    [InlineData("wss://a.example/", "ws://a.example/x", null)]
    [InlineData("http://a.example/", "http://b.example/x", "http://b.example/x")]
    [InlineData("http://a.example/", "ws://b.example/x", "ws://b.example/x")]
    [InlineData("http://a.example/", "https://b.example/x", "https://b.example/x")]
    [InlineData("http://a.example/", "ftp://a.example/x", null)]
    [InlineData("http://a.example/", "file:///etc/passwd", null)]
    [InlineData("http://a.example/", "mailto:a@b.example", null)]
    [InlineData("http://a.example/", "urn:a:b", null)]
    public void TargetOf_LeadsToHttpAlone_AndNeverOutOfTls(string asked, string location, string? target)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(location) } };

        Assert.Equal(target, RedirectRules.TargetOf(response, new Uri(asked))?.AbsoluteUri);
    }

    [Theory]
    [InlineData("//[")]
    [InlineData("///x")]
    [InlineData("//a:99999/")]
    public void TargetOf_ALocationThatNoUriCanBeMadeOf_IsNoRedirect(string location)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Found);
        response.Headers.TryAddWithoutValidation("Location", location);

        Assert.Null(RedirectRules.TargetOf(response, new Uri("https://a.example/")));
    }
}
