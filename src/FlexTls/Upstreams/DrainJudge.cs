namespace FlexTls;

/// <summary>
/// Judges the servers of old connections by the policy now in force: trust, names and pins may have changed. A server
/// with many connections is judged once.
/// </summary>
internal sealed class DrainJudge(ContextGeneration current, UpstreamLog log)
{
    private readonly Dictionary<(string Chain, string Host, bool IsRedirectTarget), ServerCertificateValidationResult>
        _verdicts = [];

    /// <summary>Closes the connections whose servers are refused.</summary>
    public void CloseRefused(IEnumerable<UpstreamGeneration> generations)
    {
        // A slow log must not keep connections open.
        using var held = SafeLogger.Hold();
        foreach (var generation in generations)
        {
            ClosePlain(generation);
            ServerCertificateFailure? first = null;
            var closed = generation.Close(connection => Refusal(connection) is { } failure
                ? $"{failure.Code}: FlexTls closed the connection to upstream '{log.Upstream}': the policy that is "
                    + $"in force now refuses the server's certificate: {Noted(failure).Reason}."
                : null);
            ServerCertificateFailure Noted(ServerCertificateFailure failure)
            {
                first ??= failure;
                return failure;
            }

            if (first is not null)
            {
                log.NoLongerAccepted(generation.Number, closed, first);
            }
        }
    }

    private void ClosePlain(UpstreamGeneration generation)
    {
        if (current.Policy.DangerousAllowPlainHttp)
        {
            return;
        }

        var closed = generation.Close(connection => connection.NeedsPlainHttp
            ? $"{DiagnosticCodes.PlainHttpRefused}: FlexTls closed the connection to upstream '{log.Upstream}': it "
                + "has no TLS, and the policy that is in force now does not allow that."
            : null);
        if (closed > 0)
        {
            log.PlainNoLongerAllowed(generation.Number, closed);
        }
    }

    private ServerCertificateFailure? Refusal(IUpstreamConnection connection) => connection.Presented
        .Select(chain => Verdict(chain, connection.Host, connection.IsRedirectTarget))
        .FirstOrDefault(verdict => !verdict.IsValid)?.Failures[0];

    private ServerCertificateValidationResult Verdict(PresentedChain chain, string host, bool isRedirectTarget)
    {
        var key = (chain.Fingerprint(), host, isRedirectTarget);
        if (!_verdicts.TryGetValue(key, out var verdict))
        {
            _verdicts[key] = verdict = current.Judge(chain, host, isRedirectTarget);
        }

        return verdict;
    }
}
