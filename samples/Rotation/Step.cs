using System.Security.Cryptography.X509Certificates;
using FlexTls;

namespace Rotation;

/// <summary>Something that happens to the files, and what must come of it.</summary>
/// <param name="Written">What happens, in words.</param>
/// <param name="Client">The certificate that the upstream must see then; <see langword="null"/>: the files cannot be used, and what is in force must stay.</param>
/// <param name="Code">What the status must say then; <see langword="null"/>: that nothing is wrong.</param>
internal sealed record Step(string Written, X509Certificate2? Client, string? Code)
{
    public string Announced => Client is null ? $"Degraded, {Code}" : $"seen by the upstream: {Client.Subject}";

    public bool HasComeOut { get; private set; }

    public static Step Good(string written, X509Certificate2 client) => new(written, client, null);

    public static Step Bad(string written, string code) => new(written, null, code);

    /// <summary>Looks whether what must come of it has come.</summary>
    public void Check(Upstream upstream, UpstreamTlsStatus status)
    {
        var isSaid = Code is null ? status.State == UpstreamTlsState.UpToDate : status.Degradation?.Diagnostics.Any(diagnostic => diagnostic.Code == Code) == true;
        HasComeOut |= isSaid && (Client is null || upstream.HasSeen(Client));
    }
}
