using System.Net;
using System.Text;

namespace FlexTls.Redirects;

/// <summary>What is compared with the platform's handler. docs/http.md has the kinds of cases, and what differs on purpose.</summary>
internal static class RedirectCases
{
    private static readonly int[] Statuses = [200, 201, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 400];
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "REPORT"];
    private static readonly (string Name, Func<HttpContent>? Make)[] Contents =
    [
        ("no content", null),
        ("text", () => new StringContent("text")),
        ("a stream of unknown length", () => new StreamContent(new UnknownLengthStream("stream"))),
    ];

    /// <summary>Status, method and content in all combinations.</summary>
    public static IEnumerable<RedirectCase> Answers =>
        from status in Statuses
        from method in Methods
        from content in Contents
        where !(content.Make is not null && method is "GET" or "HEAD")
        select new RedirectCase($"{status} to {method} with {content.Name}", new RedirectAnswer(status, "/1")) { Method = method, Content = content.Make };

    /// <summary>Every way to write where it leads.</summary>
    public static IEnumerable<RedirectCase> Locations =>
    [
        .. ((string?[])
        [
            "/1", "1", "./1", "../1", "?q=1", "#part", "", " ", "/1#part", "//{front}/1", "//{other}/1", "https://{front}/1", "HTTPS://LOCALHOST:1/1", "https://{other}/1",
            "https://{other}/1#part", "https://user:password@{other}/1", "https://{front}", "http://{plain}/1", "ftp://{front}/1", "mailto:nobody@example", "wss://{front}/1",
            "ws://{plain}/1", "https:", "https:///1", "https://", "https://[::1/1", "https://a b/1", "/a b/1", "/%zz/1", "/\u00fc/1".Replace("\u00fc", "%C3%BC", StringComparison.Ordinal),
            "urn:1", "javascript:1", "/1?a=1&b=%20", "\\1", "https://{other}:99999/1", "https://{other}\\1", null,
        ]).Select(location => new RedirectCase($"to {location ?? "nowhere"}", new RedirectAnswer(302, location))),
        new("two locations", new RedirectAnswer(302, "/1", ("Location", "/2"))),
        new("from a fragment to none", new RedirectAnswer(302, "/1")) { Target = "/0#from" },
        new("from a fragment to another", new RedirectAnswer(302, "/1#to")) { Target = "/0#from" },
        new("there and back", new RedirectAnswer(302, "https://{other}/1"), new RedirectAnswer(302, "https://{front}/2")),
    ];

    /// <summary>Several hops, and how many are allowed.</summary>
    public static IEnumerable<RedirectCase> Limits =>
    [
        .. from most in (int[])[1, 2, 3, 4]
           select new RedirectCase($"{most} allowed", new(302, "/1"), new(302, "https://{other}/2"), new(302, "/3")) { Configure = handler => handler.MaxAutomaticRedirections = most },
        new("none allowed", new RedirectAnswer(302, "/1")) { Configure = handler => handler.AllowAutoRedirect = false },
        new("a circle", new RedirectAnswer(307, "/0")) { Configure = handler => handler.MaxAutomaticRedirections = 7 },
        new("POST, 307, 302, 308", new(307, "/1"), new(302, "/2"), new(308, "/3")) { Method = "POST", Content = () => new StringContent("text") },
        new("PUT, 303, 307", new(303, "https://{other}/1"), new(307, "/2")) { Method = "PUT", Content = () => new StringContent("text") },
        new("synchronous", new(302, "/1"), new(307, "https://{other}/2")) { IsSynchronous = true },
        new("synchronous POST", new RedirectAnswer(302, "/1")) { Method = "POST", IsSynchronous = true },
    ];

    /// <summary>What else a message carries.</summary>
    public static IEnumerable<RedirectCase> Messages =>
    [
        .. from location in (string[])["/1", "https://{other}/1"]
           from headers in ((string, string)[][])
           [
               [("Authorization", "Bearer secret")], [("Cookie", "a=b")], [("X-Api-Key", "1"), ("x-two", "a"), ("X-Two", "b")], [("Accept", "text/html, */*;q=0.1"), ("User-Agent", "a/1 (b)")],
               [("Expect", "100-continue")], [("Transfer-Encoding", "chunked")], [("Connection", "close")], [("Referer", "https://a/"), ("Range", "bytes=0-1")], [("X-Broken", "a\u00e9")],
               [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", "a=b"), ("baggage", "c=d")],
           ]
           from content in (Func<HttpContent>?[])[null, () => new StringContent("text")]
           select new RedirectCase($"{headers[0]} to {location}", new RedirectAnswer(content is null ? 302 : 307, location)) { Headers = headers, Method = content is null ? "GET" : "POST", Content = content },
        new("Transfer-Encoding of a content that is dropped", new RedirectAnswer(302, "/1")) { Method = "POST", Headers = [("Transfer-Encoding", "chunked")], Content = () => new StringContent("text") },
        new("Host within the authority", new RedirectAnswer(302, "/1")) { Headers = [("Host", "localhost")] },
        new("a stream that is read once", new RedirectAnswer(307, "/1")) { Method = "POST", Content = () => new StreamContent(new OnceStream("once")) },
        new("a stream that is read once, dropped", new RedirectAnswer(303, "/1")) { Method = "POST", Content = () => new StreamContent(new OnceStream("once")) },
        new("decompression", new RedirectAnswer(302, "/1")) { Configure = handler => handler.AutomaticDecompression = DecompressionMethods.All },
        new("cookies", new(302, "/1", ("Set-Cookie", "first=1; path=/")), new(302, "https://{other}/2", ("Set-Cookie", "second=2; secure")), new(302, "/3", ("Set-Cookie", "first=; max-age=0; path=/"))),
        new("no cookies", new RedirectAnswer(302, "/1", ("Set-Cookie", "first=1; path=/"))) { Configure = handler => handler.UseCookies = false },
    ];

    /// <summary>Who answers a 401, and where.</summary>
    public static IEnumerable<RedirectCase> Authentications =>
        from isCache in (bool[])[false, true]
        from preAuthenticates in (bool[])[false, true]
        from first in (string[])["/0", "/0?auth"]
        from location in (string[])["/1", "/1?auth", "https://{other}/1?auth"]
        select new RedirectCase($"{(isCache ? "a cache" : "plain credentials")}{(preAuthenticates ? ", ahead" : "")}: {first} to {location}", new RedirectAnswer(302, location))
        {
            Target = first,
            Configure = handler => handler.PreAuthenticate = preAuthenticates,
            Credentials = servers => isCache ? Cache(servers) : new NetworkCredential("user", "password"),
        };

    private static CredentialCache Cache(RedirectServers servers) => new()
    {
        { servers.Front, "Basic", new NetworkCredential("front", "password") },
        { servers.Other, "Basic", new NetworkCredential("other", "password") },
    };

    private sealed class UnknownLengthStream(string text) : Stream
    {
        private readonly MemoryStream _bytes = new(Encoding.UTF8.GetBytes(text));

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _bytes.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class OnceStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override bool CanSeek => false;
    }
}
