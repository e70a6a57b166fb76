using System.Globalization;
using FlexTls.Diagnostics;
using FlexTls.Handshakes;

namespace FlexTls.Upstreams;

/// <summary>How long the connections of a replaced generation may go on with what is under way.</summary>
/// <param name="Time">How long, from the replacement.</param>
/// <param name="IsExpiry">
/// Whether the client certificate that they presented expires then; otherwise it is the policy's <c>drainTimeout</c>.
/// </param>
internal sealed record DrainDeadline(TimeSpan Time, bool IsExpiry)
{
    // What is under way when an expired certificate is found gets a moment to finish.
    private static readonly TimeSpan LeastBeforeExpiry = TimeSpan.FromSeconds(5);

    /// <param name="old">What is replaced.</param>
    /// <param name="next">What replaces it, whose <c>drainTimeout</c> counts.</param>
    /// <param name="now">The time of the replacement.</param>
    public static DrainDeadline For(ContextGeneration old, ContextGeneration next, DateTimeOffset now)
    {
        var timeout = next.Policy.DrainTimeout;
        if (old.Effective.ClientCertificateNotAfter is not { } notAfter)
        {
            return new DrainDeadline(timeout, IsExpiry: false);
        }

        var valid = notAfter - now;
        var most = valid < LeastBeforeExpiry ? LeastBeforeExpiry : valid;
        return most < timeout ? new DrainDeadline(most, IsExpiry: true) : new DrainDeadline(timeout, IsExpiry: false);
    }

    /// <summary>What is said to whoever still uses a connection.</summary>
    public string Reason(string upstream, int generation) =>
        $"{DiagnosticCodes.DrainEnded}: the connection to upstream '{upstream}' was closed by us: generation "
        + $"{generation} of its policy was replaced, and {this}.";

    public override string ToString() => IsExpiry
        ? "the client certificate that the connection had presented has expired"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"what was under way had {Time.TotalSeconds:0.###} s to finish (drainTimeout)");
}
