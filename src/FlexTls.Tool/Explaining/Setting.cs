namespace FlexTls;

/// <summary>One setting of a policy, as a person reads it.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Values">Its value, one line or more.</param>
/// <param name="Origin">Where it comes from: a file and a line, or that it is the default.</param>
internal sealed record Setting(string Name, IReadOnlyList<string> Values, string Origin = "");
