namespace QuickStart;

/// <summary><c>--break &lt;upstream&gt;</c> puts another server in an upstream's place, to show that the sample would notice.</summary>
internal static class Arguments
{
    /// <summary>Whether the arguments make sense; if so, they are carried out.</summary>
    public static bool TryApply(string[] args, List<Upstream> upstreams)
    {
        if (args.Length == 0)
        {
            return true;
        }

        var index = args is ["--break", var name] ? upstreams.FindIndex(upstream => upstream.Name == name) : -1;
        if (index < 0)
        {
            Console.Error.WriteLine($"usage: QuickStart [--break {string.Join('|', upstreams.Select(upstream => upstream.Name))}]");
            return false;
        }

        // A foreign certificate for those that were to be connected, a good one for those that were to be refused.
        var substitute = upstreams[index].Announced.IsConnected ? upstreams[^1] : upstreams[0];
        upstreams[index] = upstreams[index] with { Server = substitute.Server };
        return true;
    }
}
