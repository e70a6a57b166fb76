using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Http;

/// <summary>Bodies of every size arrive whole, both ways and over both protocols.</summary>
public class BodyTests(HttpServers servers) : IClassFixture<HttpServers>
{
    private const int Large = 8 * 1024 * 1024;

    public static TheoryData<int, string, HttpProtocols, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, string, HttpProtocols, string>();
            foreach (var size in (int[])[0, 10, Large])
            {
                cases.Add(size, "h2,http/1.1", HttpProtocols.Http1, "HTTP/1.1");
                cases.Add(size, "h2,http/1.1", HttpProtocols.Http2, "HTTP/2");
                cases.Add(size, "h2,http/1.1", HttpProtocols.Http1AndHttp2, "HTTP/2");
                cases.Add(size, "http/1.1", HttpProtocols.Http1AndHttp2, "HTTP/1.1");
                cases.Add(size, "h2", HttpProtocols.Http1AndHttp2, "HTTP/2");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ADownload_IsWhole(int size, string alpn, HttpProtocols protocols, string seen)
    {
        await using var clients = ClientHost.Under(Policies.With(alpn));

        var body = await clients["orders"].GetByteArrayAsync(new Uri(servers[protocols].Address, $"/{size}"), Deadline.Token());

        Assert.True(Bytes.Of(size).AsSpan().SequenceEqual(body));
        Assert.Equal(seen, servers[protocols].Requests.Last().Protocol);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AnUpload_IsWhole(int size, string alpn, HttpProtocols protocols, string seen)
    {
        await using var clients = ClientHost.Under(Policies.With(alpn));
        using var content = new ByteArrayContent(Bytes.Of(size));

        using var response = await clients["orders"].PostAsync(servers[protocols].Address, content, Deadline.Token());

        var echo = await response.Content.ReadAsByteArrayAsync(Deadline.Token());
        Assert.True(Bytes.Of(size).AsSpan().SequenceEqual(echo));
        Assert.Equal(("POST", seen), (servers[protocols].Requests.Last().Method, servers[protocols].Requests.Last().Protocol));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(Large)]
    public async Task ASynchronousUpload_IsWhole(int size)
    {
        var server = servers[HttpProtocols.Http1AndHttp2];
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new ByteArrayContent(Bytes.Of(size)) };
        var client = clients["orders"];

        using var response = await Task.Run(() => client.Send(request, Deadline.Token()), Deadline.Token());

        var echo = await response.Content.ReadAsByteArrayAsync(Deadline.Token());
        Assert.True(Bytes.Of(size).AsSpan().SequenceEqual(echo));
        Assert.Equal("HTTP/1.1", server.Requests.Last().Protocol);
    }
}
