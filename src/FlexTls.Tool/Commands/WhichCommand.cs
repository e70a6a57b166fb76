using System.CommandLine;

namespace FlexTls;

/// <summary><c>flextls which</c>: the policy that is used for a client or a URL.</summary>
internal static class WhichCommand
{
    public static Command Create(Terminal terminal)
    {
        var wanted = new Argument<string>("URL|NAME")
        {
            Description = "The URL of a request, or the name of a client or a Service.",
        };
        var paths = PolicyArguments.Paths();
        var section = PolicyArguments.Section();
        var command = new Command(
            "which", "Says which policy is used for a client or a URL, and why not another: "
            + "flextls which https://orders.example policies")
        {
            wanted, paths, section,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var policies = await PolicyArguments.LoadAsync(
                arguments.GetValue(paths)!, arguments.GetValue(section)!, terminal, cancellationToken)
                .ConfigureAwait(false);
            await using var _ = policies.ConfigureAwait(false);
            return arguments.GetValue(wanted)! is var text && text.Contains("://", StringComparison.Ordinal)
                ? OfUrl(terminal, policies, text)
                : OfName(terminal, policies, text);
        });
        return command;
    }

    private static int OfName(Terminal terminal, LoadedPolicies policies, string name)
    {
        var context = policies.Find(name);
        var upstream = policies.StatusOf(context);
        terminal.WriteLine(Line(upstream));
        return ExitCodes.Success;
    }

    private static int OfUrl(Terminal terminal, LoadedPolicies policies, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw new UnusableException(
                $"'{SafeText.Of(text)}' is not a URL; write https://HOST or https://HOST:PORT.");
        }

        var found = ServiceLookup.Find(policies.Upstreams, url);
        foreach (var upstream in found)
        {
            terminal.WriteLine(Line(upstream));
        }

        if (found.Count > 0)
        {
            if (url.Scheme is "http" or "ws")
            {
                terminal.WriteLine($"A request to {url.Scheme}:// is refused, unless the policy allows plain HTTP.");
            }

            terminal.WriteLine(
                $"Give the client this name: AddHttpClient(\"{found[0].Name}\").AddOutboundTls(), or "
                + $"AddOutboundTls(\"{found[0].Name}\").");
            return ExitCodes.Success;
        }

        terminal.WriteLine($"no policy for {url.Scheme}://{url.IdnHost}:{url.Port}");
        foreach (var reason in ServiceLookup.WhyNot(policies.Upstreams, url))
        {
            terminal.WriteLine($"  {reason}");
        }

        return ExitCodes.Findings;
    }

    private static string Line(UpstreamTlsStatus upstream)
    {
        var at = upstream.Addresses.Count == 0 ? ""
            : $" at {string.Join(", ", upstream.Addresses.Select(address => address.OriginalString))}";
        return $"{upstream.Name}: {ShownPath.Of(upstream)}{at}";
    }
}
