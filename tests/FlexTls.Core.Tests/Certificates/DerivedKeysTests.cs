using System.Security.Cryptography;
using Xunit;

namespace FlexTls.Certificates;

/// <summary>A passphrase is made into a key once for each way of doing so.</summary>
public class DerivedKeysTests
{
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];
    private readonly DerivedKeys _keys = new();

    [Fact]
    public void Pbkdf2_OfTheSameParameters_IsDerivedOnce() => Assert.Same(Derive(), Derive());

    [Fact]
    public void Pbkdf2_OfOtherParameters_IsAnotherKey()
    {
        byte[][] keys =
        [
            Derive(), Derive(passphrase: "other"), Derive(salt: 9), Derive(iterations: 3), Derive(hash: "SHA384"),
            Derive(length: 32),
        ];

        Assert.Equal(keys.Length, keys.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Rfc2898DeriveBytes.Pbkdf2("secret", Salt, 2, HashAlgorithmName.SHA256, 16), keys[0]);
    }

    [Fact]
    public void ToString_ShowsNoPassphrase()
    {
        Derive();

        Assert.DoesNotContain("secret", $"{_keys}", StringComparison.Ordinal);
    }

    private byte[] Derive(
        string passphrase = "secret", byte salt = 1, int iterations = 2, string hash = "SHA256", int length = 16) =>
        _keys.Pbkdf2(passphrase, [salt, .. Salt[1..]], iterations, new HashAlgorithmName(hash), length);
}
