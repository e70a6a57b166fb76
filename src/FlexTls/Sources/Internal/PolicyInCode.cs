using FlexTls.Diagnostics;
using FlexTls.Policies;

namespace FlexTls.Sources;

/// <summary>A policy that a program writes: finished, or as options that are judged with everything else.</summary>
internal sealed class PolicyInCode
{
    private readonly OutboundTlsPolicy? _policy;
    private readonly Action<OutboundTlsOptions>? _configure;

    public PolicyInCode(OutboundTlsPolicy policy) => _policy = policy;

    public PolicyInCode(Action<OutboundTlsOptions> configure) => _configure = configure;

    /// <summary>The policy, or <see langword="null"/> if <paramref name="diagnostics"/> got an error. What a finished policy brings along is told too.</summary>
    public OutboundTlsPolicy? Parse(string owner, string baseFolder, DiagnosticList diagnostics)
    {
        if (_policy is not null)
        {
            diagnostics.AddRange(_policy.Diagnostics);
            return _policy;
        }

        var options = new OutboundTlsOptions();
        _configure!(options);
        return PolicyParser.Parse(PolicyDocument.From(options, owner) with { Files = new FileReads(baseFolder) }, diagnostics);
    }

    /// <summary>Whether both are the same policy, as far as that can be told without making it.</summary>
    public bool IsSameAs(PolicyInCode other) =>
        (_policy is not null && _policy.Equals(other._policy)) || (_configure is not null && ReferenceEquals(_configure, other._configure));
}
