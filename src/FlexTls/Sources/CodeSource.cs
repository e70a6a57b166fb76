namespace FlexTls;

/// <summary>A policy written in code, for a Service or for clients.</summary>
/// <param name="Service">The Service as written; <see langword="null"/>: a policy of clients.</param>
/// <param name="Client">The client, or all clients; <see langword="null"/>: a policy of a Service.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Services">The services of the program, for the code that writes the policy.</param>
/// <param name="ContentRoot">Where relative paths start.</param>
internal sealed record CodeSource(
    string? Service, UpstreamKey? Client, PolicyInCode Policy, IServiceProvider Services, string ContentRoot)
    : PolicySource
{
    /// <summary>Calls the code again with a time limit.</summary>
    public required BoundedCalls Calls { get; init; }

    public override string Shown => Client?.InWords ?? $"AddPolicy(\"{Service}\", …)";

    public override void Forget() => Policy.Forget();

    public override SourceReading Read()
    {
        var (values, found) = (new ValueReads(ContentRoot, Reads, Secrets), new DiagnosticList());
        var owner = Client?.InWords ?? $"upstream '{Service}'";
        var place = new Place(Shown);
        var policy = Policy.Parse(owner, Services, Calls, values, found);
        var key = Service is null ? Client
            : ServiceName.Read(Service, place, found) is { } service ? UpstreamKey.Of(service) : null;
        return SourceReading.Of([NamedPolicy.Of(key, policy, Shown, place, found)], [], values.Versions);
    }
}
