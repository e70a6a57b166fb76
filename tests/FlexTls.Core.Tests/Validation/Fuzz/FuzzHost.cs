using System.Net;

namespace FlexTls.Validation.Fuzz;

/// <summary>A host that is asked for, and names in certificates that are for it.</summary>
internal sealed record FuzzHost(string Asked, string Name, params byte[][] Fitting)
{
    public static FuzzHost[] All { get; } =
    [
        new("orders.example", "orders.example", Encode.Dns("orders.example")),
        new("ORDERS.example.", "orders.example", Encode.Dns("Orders.Example")),
        new("eu.orders.example", "eu.orders.example", Encode.Dns("*.orders.example"), Encode.Dns("eu.orders.example")),
        new("a.eu.orders.example", "a.eu.orders.example", Encode.Dns("*.eu.orders.example"), Encode.Dns("A.eu.orders.example")),
        new("orders.internal", "orders.internal", Encode.Dns("orders.internal")),
        new("10.1.2.3", "10.1.2.3", Encode.Address(10, 1, 2, 3)),
        new("[2001:db8::7]", "2001:db8::7", Encode.Address(IPAddress.Parse("2001:db8::7").GetAddressBytes())),
    ];

    /// <summary>Constraints at, above, below and beside the host.</summary>
    public byte[][] Near => Address is { } address
        ? [Network(address, 0), Network(address, 1), Network(address, 9)]
        : [.. new[] { Name, $".{Name}", $"a.{Name}", Parent, $".{Parent}", $"other.{Parent}", $"x.other.{Parent}" }.Select(Encode.Dns)];

    private string Parent => Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>The address that <see cref="Name"/> is, if it is one.</summary>
    public IPAddress? Address => IPAddress.TryParse(Name, out var address) ? address : null;

    /// <summary>The host's network, but for a flip in the last byte.</summary>
    private static byte[] Network(IPAddress address, byte flip)
    {
        var bytes = address.GetAddressBytes();
        bytes[^1] ^= flip;
        return Encode.Address([.. bytes, .. Enumerable.Repeat((byte)0xFF, bytes.Length - 1), 0xFE]);
    }
}
