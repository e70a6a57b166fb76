namespace FlexTls;

/// <summary>
/// A policy that the program writes: finished, or as options that are validated with all other sources.
/// </summary>
internal sealed class PolicyInCode
{
    private readonly Lock _writing = new();
    private readonly OutboundTlsPolicy? _policy;
    private readonly Delegate? _written;
    private readonly Action<IServiceProvider, OutboundTlsOptions>? _configure;
    private PolicyDocument? _document;
    private bool _isForgotten;

    public PolicyInCode(OutboundTlsPolicy policy) => _policy = policy;

    public PolicyInCode(Action<OutboundTlsOptions> configure) =>
        (_written, _configure) = (configure, (_, options) => configure(options));

    public PolicyInCode(Action<IServiceProvider, OutboundTlsOptions> configure) =>
        (_written, _configure) = (configure, configure);

    private PolicyInCode(PolicyInCode other) =>
        (_policy, _written, _configure) = (other._policy, other._written, other._configure);

    /// <summary>
    /// The policy, or <see langword="null"/> if <paramref name="diagnostics"/> got an error. Also reports the findings
    /// from the making of a finished policy. Call it again to reread the files that the options refer to.
    /// </summary>
    /// <param name="owner">The owner of the policy, in messages; that of the first call stays.</param>
    /// <param name="services">The services of the program.</param>
    /// <param name="calls">Calls the code again, with a time limit.</param>
    /// <param name="values">Reads the files and secrets that options refer to.</param>
    /// <param name="diagnostics">Receives findings.</param>
    public OutboundTlsPolicy? Parse(
        string owner, IServiceProvider services, BoundedCalls calls, ValueReads values, DiagnosticList diagnostics)
    {
        if (_policy is not null)
        {
            diagnostics.AddRange(_policy.Diagnostics);
            return _policy;
        }

        return Document(owner, services, calls, diagnostics) is { } document
            ? OutboundTlsPolicy.Parse(document with { Files = values }, diagnostics)
            : null;
    }

    /// <summary>The same policy for another service provider, whose services the code has not seen.</summary>
    public PolicyInCode Anew() => new(this);

    /// <summary>The program is asked again when the policy is read next.</summary>
    public void Forget()
    {
        lock (_writing)
        {
            _isForgotten = true;
        }
    }

    /// <summary>Whether both are the same policy, as far as can be told without making it.</summary>
    public bool IsSameAs(PolicyInCode other) =>
        (_policy is not null && _policy.Equals(other._policy))
        || (_written is not null && ReferenceEquals(_written, other._written));

    /// <summary>
    /// The options that the program's code wrote last. The code is not called more often than needed, because it may do
    /// more than write options. At start, its exceptions go to the caller; later, the policy in force must stay.
    /// </summary>
    private PolicyDocument? Document(
        string owner, IServiceProvider services, BoundedCalls calls, DiagnosticList diagnostics)
    {
        lock (_writing)
        {
            if (_document is { } known && !_isForgotten)
            {
                return known;
            }

            var (options, problem, _) = _document is null
                ? (Written(services), null, false)
                : calls.Ask(owner, _ => ValueTask.FromResult(Written(services)));
            if (options is null)
            {
                diagnostics.Error(DiagnosticCodes.CodeFailed, new Place(owner),
                    $"{owner}: the code that writes the policy {problem}.");

                // With its error nothing is put in force; the files that it names are watched on.
                return _document;
            }

            _isForgotten = false;
            return _document = PolicyDocument.From(options, owner);
        }
    }

    private OutboundTlsOptions Written(IServiceProvider services)
    {
        var options = new OutboundTlsOptions();
        _configure!(services, options);
        return options;
    }
}
