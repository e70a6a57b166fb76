namespace QuickStart;

/// <summary>An upstream of the tour: how its server behaves, what its policy says, and what must come of it.</summary>
/// <param name="Name">The name of its Service.</param>
/// <param name="Description">What is special about it, in a few words.</param>
/// <param name="Server">The server.</param>
/// <param name="Config">The <c>config</c> of its policy, as YAML.</param>
/// <param name="Announced">What must come of a request to it.</param>
internal sealed record Upstream(string Name, string Description, ServerOptions Server, string Config, Outcome Announced);
