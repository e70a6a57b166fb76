using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>
/// Registers the sources of policies. It reads nothing: all sources are read together when the host starts, or at the
/// first use if there is no host. Calls add up; the same upstream from two sources is an error. If several calls of
/// <c>AddOutboundTls</c> set the same property, the last one applies.
/// </summary>
public sealed class OutboundTlsBuilder
{
    internal OutboundTlsBuilder()
    {
    }

    /// <summary>The calls made on the builder.</summary>
    internal OutboundTlsRegistration Calls { get; } = new();

    /// <summary>
    /// The behavior of all named clients that have no policy. Default: <see cref="UnboundClientBehavior.Stock"/>.
    /// </summary>
    public UnboundClientBehavior UnboundClients
    {
        get => Calls.UnboundClients;
        set => Calls.UnboundClients = value;
    }

    /// <summary>
    /// Whether policies are read again when they change: policy files, the files and secrets that policies refer to,
    /// configurations and policy sources. Default: <see langword="true"/>. A change that cannot be used keeps the
    /// previous policy in force.
    /// </summary>
    public bool ReloadOnChange
    {
        get => Calls.ReloadOnChange;
        set => Calls.ReloadOnChange = value;
    }

    /// <summary>
    /// How often all files are read to find changes that the system did not report. Default: 30 seconds; from one
    /// second to one day.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is shorter than a second or longer than a day.
    /// </exception>
    public TimeSpan PollInterval
    {
        get => Calls.PollInterval;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
            Calls.PollInterval = value;
        }
    }

    /// <summary>
    /// How long a changed policy must stay the same before it takes effect, if it takes something away (a trusted CA,
    /// the client certificate, pins, expected names) or is weaker than the policy in force: a half-written file looks
    /// the same. Default: 10 seconds; from one second to one day. <see cref="IOutboundTlsManager.ReloadAsync"/> does
    /// not wait.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is shorter than a second or longer than a day.
    /// </exception>
    public TimeSpan WeakeningDelay
    {
        get => Calls.WeakeningDelay;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
            Calls.WeakeningDelay = value;
        }
    }

    /// <summary>
    /// How long before a certificate expires the log warns: for the client certificate and its intermediates, the
    /// trusted CAs, and the certificates that a server has presented. Default: 30, 7 and 1 days. If empty, the log
    /// reports only certificates that have expired.
    /// </summary>
    /// <remarks>
    /// A time longer than half of a certificate's own lifetime does not apply to it: a certificate valid for 24 hours
    /// would otherwise always be close to its expiry.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A time is zero or negative.</exception>
    public IReadOnlyList<TimeSpan> ExpiryWarnings
    {
        get => Calls.ExpiryWarnings;
        set => Calls.ExpiryWarnings = value;
    }

    /// <summary>
    /// The part of a certificate's lifetime, from 0 (no warning) to less than 0.5, that is left when its renewal is
    /// overdue; the log then warns. It applies to certificates for which that part is shorter than the longest of
    /// <see cref="ExpiryWarnings"/>: one of 47 days is reported 11 days before it expires. Default: 0.25.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double RenewalWarningFraction
    {
        get => Calls.RenewalWarningFraction;
        set => Calls.RenewalWarningFraction = value is >= 0 and < 0.5
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "From 0 to less than 0.5.");
    }

    /// <summary>Adds policy files: YAML with <c>tls-outbound</c> bindings.</summary>
    /// <param name="pattern">
    /// A file; a folder, for its <c>*.yaml</c> and <c>*.yml</c> files; or a pattern with <c>*</c> and <c>**</c>.
    /// Relative paths start at the content root.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is <see langword="null"/> or empty.</exception>
    public OutboundTlsBuilder AddPolicyFile(string pattern)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        Calls.PolicyFiles.Add(pattern);
        return this;
    }

    /// <summary>Adds the policy of one upstream.</summary>
    /// <param name="name">
    /// The upstream: the name of a Service, <c>orders</c>, or with its namespace, <c>payments/orders</c>.
    /// </param>
    /// <param name="policy">The policy.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddPolicy(string name, OutboundTlsPolicy policy)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(policy);
        Calls.Policies.Add((name, new PolicyInCode(policy)));
        return this;
    }

    /// <summary>Adds the policy of one upstream.</summary>
    /// <param name="name">
    /// The upstream: the name of a Service, <c>orders</c>, or with its namespace, <c>payments/orders</c>.
    /// </param>
    /// <param name="configure">
    /// Writes the policy; called at start and by <see cref="IOutboundTlsManager.ReloadAsync"/>. Relative <c>file:</c>
    /// paths start at the content root.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddPolicy(string name, Action<OutboundTlsOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        Calls.Policies.Add((name, new PolicyInCode(configure)));
        return this;
    }

    /// <summary>Adds the policy of one upstream.</summary>
    /// <param name="name">
    /// The upstream: the name of a Service, <c>orders</c>, or with its namespace, <c>payments/orders</c>.
    /// </param>
    /// <param name="configure">
    /// Writes the policy, with the services of the program; called at start and by
    /// <see cref="IOutboundTlsManager.ReloadAsync"/>. Relative <c>file:</c> paths start at the content root.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddPolicy(string name, Action<IServiceProvider, OutboundTlsOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        Calls.Policies.Add((name, new PolicyInCode(configure)));
        return this;
    }

    /// <summary>Adds a source of policies of your own.</summary>
    /// <param name="source">The source. It is not disposed.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddPolicySource(ITlsPolicySource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return AddPolicySource(_ => source);
    }

    /// <summary>Adds a source of policies of your own.</summary>
    /// <param name="factory">
    /// Creates the source, or finds it in the services of the program; called once, when policies are first read. A
    /// source that it creates is not disposed; one that it finds is disposed with the services.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddPolicySource(Func<IServiceProvider, ITlsPolicySource> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Calls.PolicySources.Add(factory);
        return this;
    }

    /// <summary>Adds a provider of secrets, for values <c>scheme:reference</c> in all policies.</summary>
    /// <param name="provider">The provider. It is not disposed.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="provider"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddSecretProvider(ITlsSecretProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return AddSecretProvider(_ => provider);
    }

    /// <summary>Adds a provider of secrets, for values <c>scheme:reference</c> in all policies.</summary>
    /// <param name="factory">
    /// Creates the provider, or finds it in the services of the program; called once, when policies are first read. A
    /// provider that it creates is not disposed; one that it finds is disposed with the services.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddSecretProvider(Func<IServiceProvider, ITlsSecretProvider> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Calls.SecretProviders.Add(factory);
        return this;
    }

    /// <summary>
    /// Adds a section of the configuration: <c>PolicyFiles</c>, a list as for <see cref="AddPolicyFile"/>, and
    /// <c>Upstreams:&lt;name&gt;</c> with the keys of a policy file's <c>config</c>.
    /// </summary>
    /// <param name="section">
    /// The section itself, such as <c>configuration.GetSection("OutboundTls")</c>. A section that does not exist is an
    /// error.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="section"/> is <see langword="null"/>.</exception>
    public OutboundTlsBuilder AddConfiguration(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Calls.Configurations.Add(section);
        return this;
    }

    /// <summary>
    /// Turns <c>skipValidation</c> and <c>allowPlainHttp</c>, in any source, into errors: at start and when policies
    /// change. At start, it also refuses clients whose handler is replaced or that may make plain requests.
    /// </summary>
    /// <returns>The builder.</returns>
    public OutboundTlsBuilder ForbidDangerous()
    {
        Calls.ForbidsDangerous = true;
        return this;
    }
}
