using System.CommandLine;

namespace FlexTls;

/// <summary><c>flextls explain</c>: what is enforced under a policy, and where each setting comes from.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "The Service: orders, or payments/orders.",
        };
        var paths = PolicyArguments.Paths();
        var section = PolicyArguments.Section();
        var diff = new Option<string?>("--diff")
        {
            Description = "Show only what would change if the policies at PATH replaced these.",
            HelpName = "PATH",
        };
        var command = new Command(
            "explain", "Shows what is enforced for an upstream, and why: flextls explain orders policies")
        {
            name, paths, section, diff,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var policies = await PolicyArguments.LoadAsync(
                arguments.GetValue(paths)!, arguments.GetValue(section)!, terminal, cancellationToken)
                .ConfigureAwait(false);
            await using var _ = policies.ConfigureAwait(false);
            var context = policies.Find(arguments.GetValue(name)!);
            if (arguments.GetValue(diff) is not { } other)
            {
                Write(terminal, policies, context);
                return ExitCodes.Success;
            }

            var next = await PolicyArguments.LoadAsync(
                [other], arguments.GetValue(section)!, terminal, cancellationToken).ConfigureAwait(false);
            await using var __ = next.ConfigureAwait(false);
            if (!next.Contexts.TryGetContext(context.Name!, out var changed))
            {
                terminal.WriteLine($"{SafeText.Of(other)} has no policy for '{context.Name}': it would be removed.");
                return ExitCodes.Findings;
            }

            var differences = PolicyDifferences.Between(context, changed).ToList();
            DifferencesTable.Write(terminal, differences);
            return differences.Exists(one => one.Effect == Effect.Weaker) ? ExitCodes.Findings : ExitCodes.Success;
        });
        return command;
    }

    private static void Write(Terminal terminal, LoadedPolicies policies, OutboundTlsContext context)
    {
        var upstream = policies.StatusOf(context);
        SettingsTable.Write(
            terminal,
            [
                new Setting("upstream", [upstream.Name], ShownPath.Of(upstream)),
                .. upstream.Addresses.Count == 0 ? (Setting[])[]
                    : [new("address", [.. upstream.Addresses.Select(address => address.OriginalString)])],
                .. new Explanation(context, policies.Clock.GetUtcNow()).Settings(),
            ]);
    }
}
