namespace FlexTls;

/// <summary>
/// A name that the server's certificate may have, as written: an entry of <c>extensions.subjectAltNames</c>.
/// </summary>
public class SubjectAltNameOptions
{
    /// <summary>
    /// <c>DNS</c>, <c>URI</c> or <c>IP</c>: the kind of subject alternative name (RFC 5280, section 4.2.1.6). Required.
    /// </summary>
    public string? Type { get; set; }

    /// <summary>
    /// The name, in the form of its type: a host without wildcard (<c>orders.internal.example</c>), an absolute URI in
    /// ASCII, compared character by character (<c>spiffe://example.org/orders</c>), or an IP address (<c>10.1.2.3</c>).
    /// Required.
    /// </summary>
    public string? Value { get; set; }
}
