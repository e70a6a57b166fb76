using FlexTls;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Puts clients under a policy. With <c>ConfigureHttpClientDefaults</c>, a call applies to all clients; a client's own
/// call takes precedence. The client's primary handler must be a <see cref="SocketsHttpHandler"/>, as it is by default;
/// its settings are kept, except those of TLS, which the policy decides.
/// </summary>
public static class OutboundTlsHttpClientBuilderExtensions
{
    /// <summary>
    /// Puts a client under the policy of the Service that has the client's name: in the namespace <c>default</c>, or
    /// else in the only namespace that has it. If there is none, the start fails.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder AddOutboundTls(this IHttpClientBuilder builder) =>
        Bind(builder, new ClientBinding(null, null));

    /// <summary>Puts a client under the policy of a Service.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="name">
    /// The Service: <c>orders</c>, or with its namespace, <c>payments/orders</c>. Not a path: policy files are named by
    /// <see cref="OutboundTlsBuilder.AddPolicyFile"/>.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder AddOutboundTls(this IHttpClientBuilder builder, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Bind(builder, new ClientBinding(name, null));
    }

    /// <summary>Puts a client under a policy.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder AddOutboundTls(this IHttpClientBuilder builder, OutboundTlsPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Bind(builder, new ClientBinding(null, new PolicyInCode(policy)));
    }

    /// <summary>Puts a client under a policy that is written in code.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">
    /// Writes the policy; called at start and by <see cref="IOutboundTlsManager.ReloadAsync"/>. Relative <c>file:</c>
    /// paths start at the content root.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder AddOutboundTls(
        this IHttpClientBuilder builder, Action<OutboundTlsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Bind(builder, new ClientBinding(null, new PolicyInCode(configure)));
    }

    /// <summary>Puts a client under a policy that is written in code.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">
    /// Writes the policy, with the services of the program; called at start and by
    /// <see cref="IOutboundTlsManager.ReloadAsync"/>. Relative <c>file:</c> paths start at the content root.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder AddOutboundTls(
        this IHttpClientBuilder builder, Action<IServiceProvider, OutboundTlsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Bind(builder, new ClientBinding(null, new PolicyInCode(configure)));
    }

    /// <summary>
    /// For tests: requests of this client go to the test's own handler, such as a fake or a test server's, to which no
    /// policy applies. Logged; <see cref="OutboundTlsBuilder.ForbidDangerous"/> makes it an error.
    /// </summary>
    /// <param name="builder">The client, by its name; it may have been put under a policy already.</param>
    /// <param name="configureHandler">Creates the handler, each time the factory creates one.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The client has no name: it is the default of all clients.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder DangerousReplaceOutboundTls(
        this IHttpClientBuilder builder, Func<HttpMessageHandler> configureHandler)
    {
        ArgumentNullException.ThrowIfNull(configureHandler);
        return DangerousReplaceOutboundTls(builder, _ => configureHandler());
    }

    /// <summary>
    /// For tests: requests of this client go to the test's own handler, such as a fake or a test server's, to which no
    /// policy applies. Logged; <see cref="OutboundTlsBuilder.ForbidDangerous"/> makes it an error.
    /// </summary>
    /// <param name="builder">The client, by its name; it may have been put under a policy already.</param>
    /// <param name="configureHandler">
    /// Creates the handler, each time the factory creates one, with the services that the factory gives to handlers.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The client has no name: it is the default of all clients.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder DangerousReplaceOutboundTls(
        this IHttpClientBuilder builder, Func<IServiceProvider, HttpMessageHandler> configureHandler)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureHandler);
        if (builder.Name is null)
        {
            throw new ArgumentException("Name the client whose handler is replaced.", nameof(builder));
        }

        var client = builder.Name;
        OutboundTlsServiceCollectionExtensions.Add(
            builder.Services, registration => registration.Replacements[client] = configureHandler);
        return builder;
    }

    /// <summary>
    /// Lets a client under a policy make plain requests, <c>http://</c> and <c>ws://</c>, which are refused otherwise:
    /// anyone on the network path can read and change them. Logged and counted;
    /// <see cref="OutboundTlsBuilder.ForbidDangerous"/> makes it an error.
    /// </summary>
    /// <param name="builder">The client, by its name.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The client has no name: it is the default of all clients.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder DangerousAllowPlainHttp(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var client = builder.Name
            ?? throw new ArgumentException("Name the client that may make plain requests.", nameof(builder));
        OutboundTlsServiceCollectionExtensions.Add(
            builder.Services, registration => registration.PlainHttpClients.Add(client));
        return builder;
    }

    /// <summary>
    /// Lets the requests of a client choose their upstreams, one by one, with
    /// <see cref="OutboundTlsRequest.Upstream"/>: for programs with many identities, such as one for each tenant. A
    /// request that chooses none is under the client's own policy, and refused if it has none.
    /// </summary>
    /// <param name="builder">The client, by its name.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The client has no name: it is the default of all clients.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IHttpClientBuilder AllowUpstreamSelection(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var client = builder.Name
            ?? throw new ArgumentException("Name the client whose requests may choose.", nameof(builder));
        OutboundTlsServiceCollectionExtensions.Add(
            builder.Services, registration => registration.AllowSelection(client));
        return builder;
    }

    private static IHttpClientBuilder Bind(IHttpClientBuilder builder, ClientBinding binding)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var client = builder.Name;
        OutboundTlsServiceCollectionExtensions.Add(builder.Services, registration => registration.Add(client, binding));
        return builder;
    }
}
