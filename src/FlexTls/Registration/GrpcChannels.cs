using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// The channels of clients that Grpc.Net.ClientFactory makes: code can give them another handler than the client's.
/// FlexTls does not depend on that library, so its types are found by name, where the program has them.
/// </summary>
internal static class GrpcChannels
{
    private const string Why = "The library uses these members itself; where they are missing, there is no channel.";

    private const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    [DynamicallyAccessedMembers(Needed)]
    private static readonly Type? OfClient =
        Type.GetType("Grpc.Net.ClientFactory.GrpcClientFactoryOptions, Grpc.Net.ClientFactory");

    [DynamicallyAccessedMembers(Needed)]
    private static readonly Type? OfChannel = Type.GetType("Grpc.Net.Client.GrpcChannelOptions, Grpc.Net.Client");

    /// <summary>Whether the program has the library.</summary>
    public static bool Exist => OfClient is not null && OfChannel is not null;

    /// <summary>
    /// Lets a check have the last look at each channel that the library makes for a client. The library reads the
    /// client's options, asks for its handler, runs the program's actions on the channel, and then the check.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="check">The check. What takes any object takes a channel.</param>
    /// <param name="services">The services of the program.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = Why)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Why)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Why)]
    public static void Add(string client, Action<object> check, IServiceProvider services)
    {
        var monitor = typeof(IOptionsMonitor<>).MakeGenericType(OfClient!);
        object? options;
        try
        {
            options = monitor.GetMethod("Get")?.Invoke(services.GetService(monitor), [client]);
        }
        catch (TargetException)
        {
            // The program has the library and no client of it.
            return;
        }
        catch (TargetInvocationException)
        {
            // Code of the program failed, as it does when the library asks.
            return;
        }

        if (OfClient!.GetProperty("ChannelOptionsActions")?.GetValue(options) is IList actions)
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
