using System.Globalization;

namespace FlexTls;

/// <summary>How long the connections of a replaced generation may continue their work.</summary>
/// <param name="Time">The time from the replacement.</param>
/// <param name="IsExpiry">
/// Whether the presented client certificate expires then; otherwise the time is the policy's <c>drainTimeout</c>.
/// </param>
internal sealed record DrainDeadline(TimeSpan Time, bool IsExpiry)
{
    // When the certificate has already expired, work under way gets a moment to finish.
    private static readonly TimeSpan LeastBeforeExpiry = TimeSpan.FromSeconds(5);

    /// <param name="old">The replaced generation.</param>
    /// <param name="next">Its replacement, whose <c>drainTimeout</c> counts.</param>
    /// <param name="now">The time of the replacement.</param>
    public static DrainDeadline For(ContextGeneration old, ContextGeneration next, DateTimeOffset now)
    {
        var timeout = next.Policy.DrainTimeout;
        if (old.Effective.ClientCertificate is not { NotAfter: var notAfter })
        {
            return new DrainDeadline(timeout, IsExpiry: false);
        }

        var valid = notAfter - now;
        var most = valid < LeastBeforeExpiry ? LeastBeforeExpiry : valid;
        return most < timeout ? new DrainDeadline(most, IsExpiry: true) : new DrainDeadline(timeout, IsExpiry: false);
    }

    /// <summary>The message for the users of a connection that is closed.</summary>
    public string Reason(string upstream, int generation) =>
        $"{DiagnosticCodes.DrainEnded}: FlexTls closed the connection to upstream '{upstream}': generation "
        + $"{generation} of its policy was replaced, and {this}.";

    public override string ToString() => IsExpiry
        ? "the client certificate that the connection had presented has expired"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"what was under way had {Time.TotalSeconds:0.###} s to finish (drainTimeout)");
}
