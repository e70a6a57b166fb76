namespace FlexTls;

/// <summary>
/// Gives the content that values <c>scheme:reference</c> of policies stand for: of <c>trustedCA</c>,
/// <c>certificate.key</c>, <c>certificate.crt</c>, <c>pkcs12</c> and <c>keyPassphrase</c>. Register it with
/// <c>AddSecretProvider</c>. A provider that throws, or does not answer within 30 seconds, is a fault of the policy, as
/// a file is that cannot be read: the policy in force stays.
/// </summary>
public interface ITlsSecretProvider
{
    /// <summary>
    /// The scheme before the colon, such as <c>vault</c>: two to 32 of <c>a-z</c>, <c>0-9</c>, <c>+</c>, <c>-</c> and
    /// <c>.</c>, a letter first; not <c>file</c>, <c>http</c> or <c>https</c>. Never changes.
    /// </summary>
    string Scheme { get; }

    /// <summary>
    /// Gets a secret. Called when a policy is read, and again when the change token of the secret has fired; never on a
    /// thread of the thread pool, and for one reference not before the call before has returned.
    /// </summary>
    /// <param name="reference">The text after the colon, without blanks around it.</param>
    /// <param name="cancellationToken">Canceled after 30 seconds.</param>
    /// <returns>The secret.</returns>
    ValueTask<TlsSecret> GetAsync(string reference, CancellationToken cancellationToken);
}
