using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// The channels of clients that Grpc.Net.ClientFactory makes: code can give them another handler than the client's.
/// FlexTls does not depend on that library, so its types are found by name, where the program has them.
/// </summary>
internal static class GrpcChannels
{
    private const string Why = "The library uses these members itself; where they are missing, nothing is found.";

    private const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    [DynamicallyAccessedMembers(Needed)]
    private static readonly Type? OfClient =
        Type.GetType("Grpc.Net.ClientFactory.GrpcClientFactoryOptions, Grpc.Net.ClientFactory");

    [DynamicallyAccessedMembers(Needed)]
    private static readonly Type? OfChannel = Type.GetType("Grpc.Net.Client.GrpcChannelOptions, Grpc.Net.Client");

    /// <summary>Whether a client's channel is given a handler or an HttpClient of its own.</summary>
    /// <param name="client">The client.</param>
    /// <param name="own">The client's handler. An action may keep it, or what it makes of it.</param>
    /// <param name="services">The services of the program.</param>
    /// <returns>
    /// <see langword="null"/>: code of the program failed. The library makes the channel right after the client's
    /// handler, so it can be asked again then.
    /// </returns>
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = Why)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Why)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Why)]
    public static bool? HasOtherHandler(string client, HttpMessageHandler own, IServiceProvider services)
    {
        if (OfClient is null || OfChannel is null)
        {
            return false;
        }

        try
        {
            var monitor = typeof(IOptionsMonitor<>).MakeGenericType(OfClient);
            if (services.GetService(monitor) is not { } all || monitor.GetMethod("Get") is not { } get)
            {
                return false;
            }

            var options = get.Invoke(all, [client]);
            var listed = OfClient.GetProperty("ChannelOptionsActions")?.GetValue(options) as IEnumerable;
            List<Delegate> actions = [.. listed?.OfType<Delegate>() ?? []];
            var channel = Activator.CreateInstance(OfChannel);
            var (handler, httpClient) = (OfChannel.GetProperty("HttpHandler"), OfChannel.GetProperty("HttpClient"));
            if (actions.Count == 0 || channel is null || handler is null || httpClient is null)
            {
                return false;
            }

            // As the library does, before it runs the actions; but the program's log may itself need a client.
            handler.SetValue(channel, own);
            OfChannel.GetProperty("LoggerFactory")?.SetValue(channel, NullLoggerFactory.Instance);
            OfChannel.GetProperty("ServiceProvider")?.SetValue(channel, services);
            foreach (var action in actions)
            {
                action.DynamicInvoke(channel);
            }

            return httpClient.GetValue(channel) is not null || !LeadsTo(handler.GetValue(channel), own);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static bool LeadsTo(object? handler, HttpMessageHandler own)
    {
        while (handler != own && handler is DelegatingHandler delegating)
        {
            handler = delegating.InnerHandler;
        }

        // A handler of IOutboundTlsHandlerFactory has a policy of its own.
        return handler == own || handler is OutboundTlsHandler;
    }
}
