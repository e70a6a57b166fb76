using System.Net;

namespace FlexTls.Policies;

/// <summary>A name that the server's certificate may have instead of the host that is connected.</summary>
/// <param name="Kind">What kind of subject alternative name it is.</param>
/// <param name="Text">
/// A DNS name in lower-case ASCII without a trailing dot, a URI as it was written, or the usual form of an address.
/// </param>
/// <param name="Address">The address, for <see cref="ExpectedNameKind.IP"/>.</param>
internal sealed record ExpectedName(ExpectedNameKind Kind, string Text, IPAddress? Address)
{
    /// <summary><c>$NAME</c> where the text came from the environment.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// The name as a message may show it, such as <c>DNS:orders.example</c>: what came from the environment by the name
    /// of its variable.
    /// </summary>
    public string Shown => $"{Kind.ToString().ToUpperInvariant()}:{Origin ?? Text}";

    /// <summary>Where the name came from makes it no other name.</summary>
    public bool Equals(ExpectedName? other) =>
        other is not null && Kind == other.Kind && Text == other.Text && Equals(Address, other.Address);

    public override int GetHashCode() => HashCode.Combine(Kind, Text);

    /// <summary>The shown form: this may end up in a log.</summary>
    public override string ToString() => Shown;
}
