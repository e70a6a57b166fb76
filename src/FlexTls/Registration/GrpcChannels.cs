using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// The channels of clients that Grpc.Net.ClientFactory makes: code can give them another handler than the client's.
/// FlexTls does not depend on that library, so its types are found by name, where the program has them.
/// </summary>
internal static class GrpcChannels
{
    private const string Why = "The library uses these members itself; where they are missing, nothing is found.";

    private static readonly Type? OfClient =
        Type.GetType("Grpc.Net.ClientFactory.GrpcClientFactoryOptions, Grpc.Net.ClientFactory");
    private static readonly Type? OfChannel = Type.GetType("Grpc.Net.Client.GrpcChannelOptions, Grpc.Net.Client");

    /// <summary>Whether a client's channel is given a handler or an HttpClient of its own.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = Why)]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Why)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Why)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Why)]
    public static bool HasOtherHandler(string client, IServiceProvider services)
    {
        if ((OfClient, OfChannel) is not ({ } ofClient, { } ofChannel))
        {
            return false;
        }

        try
        {
            var monitor = typeof(IOptionsMonitor<>).MakeGenericType(ofClient);
            var all = services.GetService(monitor);
            var options = all is null ? null : monitor.GetMethod("Get")?.Invoke(all, [client]);
            var actions = ofClient.GetProperty("ChannelOptionsActions")?.GetValue(options) as IEnumerable;
            var channel = Activator.CreateInstance(ofChannel);
            var (handler, httpClient) = (ofChannel.GetProperty("HttpHandler"), ofChannel.GetProperty("HttpClient"));
            if (actions is null || channel is null || handler is null || httpClient is null)
            {
                return false;
            }

            // As the library does: first the client's handler, which an action may wrap.
            using var given = new SocketsHttpHandler();
            handler.SetValue(channel, given);
            foreach (var action in actions.OfType<Delegate>())
            {
                action.DynamicInvoke(channel);
            }

            return httpClient.GetValue(channel) is not null || !LeadsTo(handler.GetValue(channel), given);
        }
        catch (Exception)
        {
            // Code of the program failed. The library calls it again when it makes the channel.
            return false;
        }
    }

    private static bool LeadsTo(object? handler, HttpMessageHandler given)
    {
        while (handler is DelegatingHandler delegating)
        {
            handler = delegating.InnerHandler;
        }

        // A handler of IOutboundTlsHandlerFactory has a policy of its own.
        return handler == given || handler is OutboundTlsHandler;
    }
}
