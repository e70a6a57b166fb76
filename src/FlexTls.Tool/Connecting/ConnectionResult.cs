using System.Net;

namespace FlexTls;

/// <summary>What became of a connection under a policy.</summary>
/// <param name="Address">Where it was made to.</param>
internal sealed record ConnectionResult(IPAddress Address)
{
    /// <summary>The phases that were completed, with their time.</summary>
    public IReadOnlyList<(string Name, TimeSpan Time)> Phases { get; init; } = [];

    /// <summary>Why there is no connection; <see langword="null"/>: there is one.</summary>
    public Exception? Failure { get; init; }

    /// <summary>What the server shows without a policy; <see langword="null"/>: it was not reached.</summary>
    public ServerLook? Look { get; init; }

    public ConnectionResult WithPhase(string name, TimeSpan time) => this with { Phases = [.. Phases, (name, time)] };
}
