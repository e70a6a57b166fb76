using System.Reflection;
using FlexTls.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Proxies;

/// <summary>docs/operations.md has what the log says of clusters.</summary>
public class LogEventTests
{
    [Fact]
    public void ThePage_HasEveryEvent() => Assert.Equal(
        typeof(ProxyLog).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(message => $"{message.EventId} {message.Level} `{ProxyLog.Category}` `{message.Message}`"),
        MarkdownTable.Rows("docs/operations.md", "").Where(row => int.TryParse(row[0], out var id) && id >= 60)
            .Select(row => string.Join(' ', row)));
}
