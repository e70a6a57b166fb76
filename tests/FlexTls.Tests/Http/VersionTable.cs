using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Http;

/// <summary>
/// Which protocol a request gets under an <c>alpn</c>, as docs/http.md has it: four kinds of requests, three kinds of
/// lists, three kinds of servers.
/// </summary>
public static class VersionTable
{
    /// <summary>The protocols of each list, with and without ids that are no HTTP, in both orders.</summary>
    private static readonly string[] Lists = ["h2,http/1.1", "http/1.1,h2", "h2,acme/1,http/1.1", "h2", "acme/1,h2", "http/1.1", "http/1.1,acme/1", ""];

    private static readonly HttpProtocols[] Servers = [HttpProtocols.Http1, HttpProtocols.Http2, HttpProtocols.Http1AndHttp2];

    /// <summary>The requests, by what they want of HTTP.</summary>
    private static readonly Dictionary<string, string[]> Requests = new()
    {
        ["whatever the policy says"] = ["1.1 OrLower", "1.1 OrHigher", "2.0 OrLower", "3.0 OrLower"],
        ["HTTP/1"] = ["1.1 Exact", "1.1 Upgrade", "1.1 Sync", "1.0 Exact", "1.0 OrLower", "1.0 OrHigher", "2.0 Upgrade"],
        ["HTTP/2"] = ["2.0 Exact", "2.0 OrHigher"],
        ["HTTP/3"] = ["3.0 Exact", "3.0 OrHigher"],
    };

    /// <summary>List, request, server; what is offered (<see langword="null"/>: no connection is made), and what the server sees (<see langword="null"/>: no request).</summary>
    public static TheoryData<string, string, HttpProtocols, string?, string?> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, HttpProtocols, string?, string?>();
            foreach (var list in Lists)
            {
                foreach (var (wish, requests) in Requests)
                {
                    foreach (var (request, server) in from request in requests from server in Servers select (request, server))
                    {
                        var offered = Offered(list, wish, request);
                        rows.Add(list, request, server, offered, offered is null ? null : Seen(offered, request, server, list));
                    }
                }
            }

            return rows;
        }
    }

    private static string? Offered(string list, string wish, string request)
    {
        var ids = list.Split(',');
        return (ids.Contains("h2"), ids.Contains("http/1.1"), wish) switch
        {
            (true, true, "whatever the policy says") => list,
            (true, true, "HTTP/1") => Without("h2"),
            (true, true, "HTTP/2") => Without("http/1.1"),
            (true, false, "whatever the policy says" or "HTTP/2") => list,
            (false, _, _) when request is not ("2.0 Exact" or "3.0 Exact") => list,
            _ => null,
        };

        string Without(string id) => string.Join(',', ids.Where(other => other != id));
    }

    private static string? Seen(string offered, string request, HttpProtocols server, string list)
    {
        var ids = offered.Split(',');
        if (ids.Contains("h2") && server != HttpProtocols.Http1)
        {
            return "HTTP/2";
        }

        // A policy without h2 makes every request one of HTTP/1.1; one with both leaves those of HTTP/1.0 alone.
        var version = request.StartsWith("1.0", StringComparison.Ordinal) && list.Split(',').Contains("h2") ? "HTTP/1.0" : "HTTP/1.1";
        return server != HttpProtocols.Http2 && (ids.Contains("http/1.1") || offered.Length == 0) ? version : null;
    }
}
