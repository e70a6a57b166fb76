using FlexTls.Diagnostics;
using FlexTls.Policies;

namespace FlexTls.Sources;

/// <summary>A policy that a program writes: finished, or as options that are judged with everything else.</summary>
internal sealed class PolicyInCode
{
    private readonly Lock _writing = new();
    private readonly OutboundTlsPolicy? _policy;
    private readonly Action<OutboundTlsOptions>? _configure;
    private PolicyDocument? _written;

    public PolicyInCode(OutboundTlsPolicy policy) => _policy = policy;

    public PolicyInCode(Action<OutboundTlsOptions> configure) => _configure = configure;

    /// <summary>
    /// The policy, or <see langword="null"/> if <paramref name="diagnostics"/> got an error. What a finished policy brings
    /// along is told too. May be called again, to read the files anew that the options refer to.
    /// </summary>
    /// <param name="owner">What the policy is for, in messages; that of the first call stays.</param>
    /// <param name="files">Reads the files that options refer to.</param>
    /// <param name="diagnostics">Where findings go.</param>
    public OutboundTlsPolicy? Parse(string owner, FileReads files, DiagnosticList diagnostics)
    {
        if (_policy is not null)
        {
            diagnostics.AddRange(_policy.Diagnostics);
            return _policy;
        }

        return OutboundTlsPolicy.Parse(Written(owner) with { Files = files }, diagnostics);
    }

    /// <summary>Whether both are the same policy, as far as that can be told without making it.</summary>
    public bool IsSameAs(PolicyInCode other) =>
        (_policy is not null && _policy.Equals(other._policy)) || (_configure is not null && ReferenceEquals(_configure, other._configure));

    /// <summary>What the program wrote, when it was asked: once, because its code may do more than write, and may answer otherwise later.</summary>
    private PolicyDocument Written(string owner)
    {
        lock (_writing)
        {
            if (_written is null)
            {
                var options = new OutboundTlsOptions();
                _configure!(options);
                _written = PolicyDocument.From(options, owner);
            }

            return _written;
        }
    }
}
