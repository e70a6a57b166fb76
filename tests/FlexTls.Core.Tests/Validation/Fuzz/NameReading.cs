using System.Text;

namespace FlexTls.Validation.Fuzz;

/// <summary>The rules of names (RFC 9525; RFC 5280, section 4.2.1.10), read once more.</summary>
internal static class NameReading
{
    public static bool IsFor(ReadCertificate server, FuzzHost host) => host.Address is { } address
        ? server.Names.Exists(name => name.Tag == ReadGeneralName.Address && name.Content.AsSpan().SequenceEqual(address.GetAddressBytes()))
        : server.Names.Exists(name => name.Tag == ReadGeneralName.Dns && (name.Text == host.Name || IsByWildcard(name.Text, host.Name)));

    /// <summary>Why <paramref name="authority"/> may not certify the names of <paramref name="certificate"/>.</summary>
    public static string? Objection(ReadCertificate authority, ReadCertificate certificate)
    {
        if (authority.HasUnreadableConstraints || !authority.Permitted.Concat(authority.Excluded).All(IsConstraint))
        {
            return "a malformed constraint";
        }

        foreach (var name in certificate.Names)
        {
            if (Objection(authority, name) is { } objection)
            {
                return objection;
            }
        }

        foreach (var mail in certificate.Subject.Mails)
        {
            if (Objection(authority, new ReadGeneralName(ReadGeneralName.Mail, mail, null)) is { } objection)
            {
                return objection;
            }
        }

        return certificate.Subject.IsEmpty ? null : Objection(authority, new ReadGeneralName(ReadGeneralName.DirectoryName, [], certificate.Subject));
    }

    private static string? Objection(ReadCertificate authority, ReadGeneralName name)
    {
        var excluded = authority.Excluded.FindAll(subtree => subtree.Tag == name.Tag);
        var permitted = authority.Permitted.FindAll(subtree => subtree.Tag == name.Tag);
        if (excluded.Count + permitted.Count == 0)
        {
            return null;
        }

        return name.Tag is not (ReadGeneralName.Dns or ReadGeneralName.Uri or ReadGeneralName.Address or ReadGeneralName.DirectoryName or ReadGeneralName.Mail) ? "a form that is not understood"
            : !IsPresentable(name) ? "a malformed name"
            : excluded.Exists(subtree => Lies(name, subtree, some: true)) ? "an excluded name"
            : permitted.Count > 0 && !permitted.Exists(subtree => Lies(name, subtree, some: false)) ? "a name that is not permitted"
            : null;
    }

    /// <summary>Whether <paramref name="some"/> or all hosts that the name stands for lie in the subtree.</summary>
    private static bool Lies(ReadGeneralName name, ReadGeneralName subtree, bool some)
    {
        switch (name.Tag)
        {
            case ReadGeneralName.DirectoryName:
                return name.Directory!.IsWithin(subtree.Directory!);
            case ReadGeneralName.Address:
                var isMapped = some && name.Content.Length == 16 && subtree.Content.Length == 8 && name.Content.AsSpan(0, 12).SequenceEqual((byte[])[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
                if (isMapped)
                {
                    return Lies(name with { Content = name.Content[12..] }, subtree, some);
                }

                var (length, network) = (name.Content.Length, subtree.Content);
                return network.Length == 2 * length && Enumerable.Range(0, length).All(i => (name.Content[i] & network[length + i]) == (network[i] & network[length + i]));
            case ReadGeneralName.Mail:
                var (local, host) = Mailbox(name);
                var (wanted, at) = Mailbox(subtree);
                return (wanted is null || wanted == local) && (at.StartsWith('.') ? host.EndsWith(at, StringComparison.Ordinal) : host == at);
            case ReadGeneralName.Uri:
                return subtree.Text.StartsWith('.') ? UriHost(name.Text).EndsWith(subtree.Text, StringComparison.Ordinal) : UriHost(name.Text) == subtree.Text;
            default:
                var zone = subtree.Text.TrimStart('.');
                return zone.Length == 0
                    || (name.Text.StartsWith("*.", StringComparison.Ordinal)
                        ? IsAtOrBelow(name.Text[2..], zone) || (some && subtree.Text == zone && zone[(zone.IndexOf('.', StringComparison.Ordinal) + 1)..] == name.Text[2..])
                        : IsAtOrBelow(name.Text, zone) && (subtree.Text == zone || name.Text != zone));
        }
    }

    private static bool IsPresentable(ReadGeneralName name) => name.Tag switch
    {
        ReadGeneralName.Dns => IsHost(name.Text.StartsWith("*.", StringComparison.Ordinal) ? name.Text[2..] : name.Text),
        ReadGeneralName.Uri => name.Text.Contains("://", StringComparison.Ordinal) && IsHost(UriHost(name.Text)) && !UriHost(name.Text).Split('.')[^1].All(char.IsAsciiDigit),
        ReadGeneralName.Address => name.Content.Length is 4 or 16,
        ReadGeneralName.Mail => Mailbox(name) is { Local: not null } mailbox && IsHost(mailbox.Host),
        _ => true,
    };

    /// <summary>A leading dot leaves the name itself out; an empty dNSName is every name; an address is a network.</summary>
    private static bool IsConstraint(ReadGeneralName subtree) => subtree.Tag switch
    {
        ReadGeneralName.Dns => subtree.Text.Length == 0 || IsHost(subtree.Text.StartsWith('.') ? subtree.Text[1..] : subtree.Text),
        ReadGeneralName.Uri => IsHost(subtree.Text.StartsWith('.') ? subtree.Text[1..] : subtree.Text),
        ReadGeneralName.Mail => IsHost(Mailbox(subtree) is { Local: null } wide && wide.Host.StartsWith('.') ? wide.Host[1..] : Mailbox(subtree).Host),
        ReadGeneralName.Address => subtree.Content.Length is 8 or 32 && IsMask(subtree.Content[(subtree.Content.Length / 2)..]),
        _ => true,
    };

    /// <summary>The local part, whose letter case counts, and the host.</summary>
    private static (string? Local, string Host) Mailbox(ReadGeneralName name)
    {
        var text = Encoding.Latin1.GetString(name.Content);
        var at = text.LastIndexOf('@');
        return at > 0 ? (text[..at], text[(at + 1)..].ToLowerInvariant()) : (null, text.ToLowerInvariant());
    }

    private static bool IsMask(byte[] mask) => !string.Concat(mask.Select(part => Convert.ToString(part, 2).PadLeft(8, '0'))).Contains("01", StringComparison.Ordinal);

    private static string UriHost(string uri) => uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/', '?', '#')[0].Split('@')[^1].Split(':')[0];

    private static bool IsHost(string text) => text.Split('.').All(label => label.Length is > 0 and < 64 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private static bool IsAtOrBelow(string host, string zone) => host == zone || host.EndsWith("." + zone, StringComparison.Ordinal);

    /// <summary>The wildcard is the whole left-most label, and two labels follow.</summary>
    private static bool IsByWildcard(string name, string host) =>
        name.Split('.') is ["*", _, _, ..] labels && host.Split('.') is [_, ..] asked && labels.Skip(1).SequenceEqual(asked.Skip(1));
}
