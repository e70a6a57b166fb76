using System.Globalization;

namespace FlexTls;

/// <summary>Everything else about an upstream.</summary>
internal static class UpstreamDetails
{
    public static void Write(PageWriter page, UpstreamTlsStatus upstream)
    {
        page.Write($"<details><summary>Details<span class=\"unseen\"> of {upstream.Name}</span></summary>\n");
        StateDetails.Write(page, upstream);
        WritePolicy(page, upstream);
        SettingsList.Write(page, upstream.Settings);
        FailureTable.Write(page, upstream.Failures);
        if (upstream.LastError is { } error)
        {
            page.Write($"<h3>Last error</h3>\n<p>{error.At} ({Durations.Ago(error.At, page.Now)})</p>\n");
            page.Write($"<pre>{error.Message}</pre>\n");
        }

        page.Write($"</details>");
    }

    private static void WritePolicy(PageWriter page, UpstreamTlsStatus upstream)
    {
        page.Write($"<h3>Policy</h3>\n<dl>\n<dt>source</dt><dd><bdi>{upstream.Source}</bdi></dd>\n");

        // In the words of a file, the source is already that file and the line.
        if (upstream.FileName is { } file && !upstream.Source.Contains(file, StringComparison.Ordinal))
        {
            var line = upstream.Line.ToString(CultureInfo.InvariantCulture);
            page.Write($"<dt>file</dt><dd><bdi>{file}{(upstream.Line > 0 ? $"({line})" : "")}</bdi></dd>\n");
        }

        page.Write($"<dt>generation</dt><dd>{upstream.Generation}, since {upstream.Since} ");
        page.Write($"({Durations.Ago(upstream.Since, page.Now)})</dd>\n");
        WriteAll(page, "users", [.. upstream.Users.Select(user => user.ToString())]);
        WriteAll(page, "addresses", [.. upstream.Addresses.Select(address => address.OriginalString)]);
        WriteAll(page, "hosts", upstream.Hosts, upstream.HasMoreHosts);
        page.Write($"</dl>\n");
    }

    private static void WriteAll(PageWriter page, string name, IReadOnlyList<string> values, bool hasMore = false)
    {
        page.Write($"<dt>{name}</dt><dd>{(values.Count == 0 ? "none" : "")}");
        ValueList.Write(page, values);
        page.Write($"{(hasMore ? " and more" : "")}</dd>\n");
    }
}
