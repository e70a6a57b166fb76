using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FlexTls;

/// <summary>
/// The channels of clients that Grpc.Net.ClientFactory makes: code can give them another handler than the client's.
/// FlexTls does not depend on that library, so its types are found by name, where the program has them.
/// </summary>
internal static class GrpcChannels
{
    private const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.PublicProperties;

    [DynamicallyAccessedMembers(Needed)]
    private static readonly Type? OfChannel = Type.GetType("Grpc.Net.Client.GrpcChannelOptions, Grpc.Net.Client");

    /// <summary>The options of the clients; <see langword="null"/>: the program does not have the library.</summary>
    [DynamicallyAccessedMembers(Needed)]
    public static Type? OptionsOfClient { get; } =
        Type.GetType("Grpc.Net.ClientFactory.GrpcClientFactoryOptions, Grpc.Net.ClientFactory");

    /// <summary>
    /// Lets a check have the last look at each channel that the library makes with the options of a client. The library
    /// reads the options, asks for the client's handler, runs the program's actions on the channel, and then the check.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="check">The check. What takes any object takes a channel.</param>
    public static void Add(object options, Action<object> check)
    {
        if (OptionsOfClient?.GetProperty("ChannelOptionsActions")?.GetValue(options) is IList actions)
        {
            lock (actions)
            {
                if (actions.Count == 0 || !check.Equals(actions[^1]))
                {
                    actions.Add(check);
                }
            }
        }
    }

    /// <summary>The handler that a channel sends through; <see langword="null"/>: it has an HttpClient.</summary>
    public static HttpMessageHandler? HandlerOf(object channel) =>
        OfChannel?.GetProperty("HttpClient")?.GetValue(channel) is null
            ? OfChannel?.GetProperty("HttpHandler")?.GetValue(channel) as HttpMessageHandler
            : null;
}
