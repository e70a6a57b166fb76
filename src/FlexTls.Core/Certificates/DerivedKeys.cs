using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// The keys derived from passphrases while one source is read: its policies may all refer to one encrypted key, and
/// each derivation takes a good part of a second.
/// </summary>
internal sealed class DerivedKeys
{
    private readonly Dictionary<Derivation, byte[]> _keys = [];

    /// <summary>The key, which stays here.</summary>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="iterations">The number of iterations.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="length">The length of the key in bytes.</param>
    public byte[] Pbkdf2(string passphrase, byte[] salt, int iterations, HashAlgorithmName hash, int length)
    {
        var derivation = new Derivation(passphrase, Convert.ToHexString(salt), iterations, hash, length);
        if (!_keys.TryGetValue(derivation, out var key))
        {
            key = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, iterations, hash, length);
            _keys.Add(derivation, key);
        }

        return key;
    }

    /// <summary>Not a record: its ToString would show the passphrase.</summary>
    private readonly struct Derivation(
        string passphrase, string salt, int iterations, HashAlgorithmName hash, int length) : IEquatable<Derivation>
    {
        private readonly (string, string, int, HashAlgorithmName, int) _all =
            (passphrase, salt, iterations, hash, length);

        public bool Equals(Derivation other) => _all.Equals(other._all);

        public override bool Equals(object? obj) => obj is Derivation other && Equals(other);

        public override int GetHashCode() => _all.GetHashCode();
    }
}
