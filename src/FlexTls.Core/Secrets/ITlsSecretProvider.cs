namespace FlexTls;

/// <summary>
/// Provides the secrets that a policy names with <c>scheme:reference</c> in <c>trustedCA</c>, <c>certificate.key</c>,
/// <c>certificate.crt</c>, <c>pkcs12</c> and <c>keyPassphrase</c>. Register it with <c>AddSecretProvider</c>. A
/// provider that throws, or does not answer within 30 seconds, is a fault of the policy, like a file that cannot be
/// read: the policy in force stays.
/// </summary>
public interface ITlsSecretProvider
{
    /// <summary>
    /// The scheme before the colon, such as <c>vault</c>: 2 to 32 characters of <c>a-z</c>, <c>0-9</c>, <c>+</c>,
    /// <c>-</c> and <c>.</c>, beginning with a letter; not <c>file</c>, <c>http</c> or <c>https</c>. Must never change.
    /// </summary>
    string Scheme { get; }

    /// <summary>
    /// Gets a secret. FlexTls calls this when a policy first names it, again when the secret's change token has fired,
    /// after a failure at least with each poll, and on <c>IOutboundTlsManager.ReloadAsync</c>; never on a thread of the
    /// thread pool, and for one reference never before the previous call has returned.
    /// </summary>
    /// <param name="reference">The text after the colon, without blanks around it.</param>
    /// <param name="cancellationToken">
    /// Canceled after 30 seconds; after 10 seconds while a start or a reload is waiting and an earlier call to the
    /// provider has timed out.
    /// </param>
    /// <returns>The secret.</returns>
    ValueTask<TlsSecret> GetAsync(string reference, CancellationToken cancellationToken);
}
