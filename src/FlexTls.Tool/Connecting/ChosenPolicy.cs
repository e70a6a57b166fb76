namespace FlexTls;

/// <summary>The policy that a connection is made under.</summary>
internal static class ChosenPolicy
{
    private const string DefaultName = "default";

    /// <summary>Loads the policy that has all defaults.</summary>
    public static Task<LoadedPolicies> LoadDefaultAsync(CancellationToken cancellationToken) =>
        LoadedPolicies.LoadAsync(
            tls => tls.AddPolicy(DefaultName, OutboundTlsPolicy.Default), contentRoot: null, at: null,
            cancellationToken);

    /// <summary>The one that is named, the only one, or that of the Service at the server's address.</summary>
    /// <exception cref="UnusableException">None of these exists.</exception>
    public static OutboundTlsContext Choose(LoadedPolicies policies, string? service, ServerAddress server)
    {
        if (service is not null)
        {
            return policies.Find(service);
        }

        var upstreams = policies.Upstreams;
        if (upstreams is [var only])
        {
            return policies.Find(only.Name);
        }

        return ServiceLookup.Find(upstreams, new Uri($"https://{server}")) is [var found]
            ? policies.Find(found.Name)
            : throw new UnusableException(
                "several policies were read; write --service and one of: "
                + $"{ShownNames.Of([.. upstreams.Select(one => one.Name)])}.");
    }
}
