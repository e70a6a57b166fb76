namespace FlexTls;

/// <summary>Another client that shares a primary handler.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HasPolicy">Whether its requests are under a policy.</param>
internal sealed record OtherClient(string Name, bool HasPolicy);
