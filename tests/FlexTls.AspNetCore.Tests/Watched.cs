using FlexTls.Support;

namespace FlexTls.Pages;

/// <summary>A program with the policy of <c>orders</c> in a file that is watched.</summary>
internal static class Watched
{
    public static PageHostOptions Options(PolicyFiles files, TimeSpan weakeningDelay) => new()
    {
        Policies = tls =>
        {
            tls.AddPolicyFile(files.Pattern);
            tls.WeakeningDelay = weakeningDelay;
        },
    };

    public static async Task UntilAsync(PageHost host, UpstreamTlsState state) =>
        await Deadline.UntilAsync(() => host.Manager.GetStatus().Upstreams.Single().State == state);
}
