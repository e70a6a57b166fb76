using System.Net;

namespace FlexTls;

/// <summary>A name that the server's certificate may have instead of the host of the connection.</summary>
/// <param name="Kind">The kind of subject alternative name.</param>
/// <param name="Text">
/// A DNS name in lower-case ASCII without a trailing dot, a URI as written, or an address in its usual form.
/// </param>
/// <param name="Address">The address, for <see cref="ExpectedNameKind.IP"/>.</param>
internal sealed record ExpectedName(ExpectedNameKind Kind, string Text, IPAddress? Address)
{
    /// <summary><c>$NAME</c> if the text came from the environment.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// The name in messages, such as <c>DNS:orders.example</c>; a name from the environment appears as the name of its
    /// variable.
    /// </summary>
    public string Shown => $"{Kind.ToString().ToUpperInvariant()}:{Origin ?? Text}";

    /// <summary>The origin of a name does not count for equality.</summary>
    public bool Equals(ExpectedName? other) =>
        other is not null && Kind == other.Kind && Text == other.Text && Equals(Address, other.Address);

    public override int GetHashCode() => HashCode.Combine(Kind, Text);

    /// <summary>The form for messages, because this may end up in a log.</summary>
    public override string ToString() => Shown;
}
