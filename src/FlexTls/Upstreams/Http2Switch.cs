namespace FlexTls;

/// <summary>
/// Whether the platform's HTTP handlers speak HTTP/2. They do unless the program or its environment switches it off,
/// and then treat every connection as one of HTTP/1.1, so h2 must not be offered for them.
/// </summary>
internal static class Http2Switch
{
    private const string Switch = "System.Net.Http.SocketsHttpHandler.Http2Support";
    private const string Variable = "DOTNET_SYSTEM_NET_HTTP_SOCKETSHTTPHANDLER_HTTP2SUPPORT";

    /// <summary>Read once, as the platform does.</summary>
    public static bool IsOn { get; } = AppContext.TryGetSwitch(Switch, out var isOn)
        ? isOn
        : Environment.GetEnvironmentVariable(Variable) is not { } text
            || !(text == "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase));

    /// <summary>The reason, in messages.</summary>
    public static string Words => $"HTTP/2 is switched off in this program ({Switch})";
}
