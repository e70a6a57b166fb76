using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;

namespace FlexTls.Validation.Fuzz;

/// <summary>Contexts by the certificates that they trust; the frequent ones are kept.</summary>
internal sealed class FuzzContexts
{
    private const int MostKept = 64;
    private readonly TlsContextFactory _factory = new(new FakeTimeProvider(FuzzCase.Now));
    private readonly Dictionary<string, OutboundTlsContext> _contexts = [];

    public OutboundTlsContext For(IReadOnlyList<byte[]> anchors)
    {
        var key = Convert.ToHexString(SHA256.HashData([.. anchors.SelectMany(anchor => anchor)]));
        if (_contexts.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_contexts.Count == MostKept)
        {
            _contexts.Clear();
        }

        return _contexts[key] = _factory.Create(Policy(anchors));
    }

    /// <summary>Where the first anchor cannot be read, which is an error of the policy, the second is trusted alone.</summary>
    private static OutboundTlsPolicy Policy(IReadOnlyList<byte[]> anchors)
    {
        var options = anchors.Select(anchor => PemEncoding.WriteString("CERTIFICATE", anchor)).ToList();
        return OutboundTlsPolicy.TryCreate(new OutboundTlsOptions { TrustedCA = string.Join('\n', options) }, out var policy, out _)
            ? policy
            : OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustedCA = options[^1] });
    }
}
