using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlexTls;

/// <summary>
/// <c>flextls check</c>: everything that a program would find in the policies at its start, and more.
/// </summary>
internal static class CheckCommand
{
    // The same in every locale: some have another calendar.
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK"];

    public static Command Create(Terminal terminal)
    {
        var paths = PolicyArguments.RequiredPaths();
        var format = new Option<string>("--format")
        {
            Description = "Output format; github: workflow annotations.",
            DefaultValueFactory = _ => ReportWriter.Formats[0],
        };
        format.AcceptOnlyFromAmong([.. ReportWriter.Formats]);
        var section = PolicyArguments.Section();
        var at = new Option<DateTimeOffset?>("--at")
        {
            Description = "Judge certificates as of this day or time, such as 2027-03-01. Default: now.",
            HelpName = "TIME",
            CustomParser = ParseTime,
        };
        var warningsAsErrors = new Option<bool>("--warnings-as-errors")
        {
            Description = "Return 1 for warnings too.",
        };
        var allowMissingEnv = new Option<bool>("--allow-missing-env")
        {
            Description = "Do not fail on environment variables that are not set here. Then policies are only read, "
                + "not fully checked.",
        };
        var command = new Command(
            "check", "Reports everything that is wrong with policies: flextls check policies appsettings.json")
        {
            paths, format, section, at, warningsAsErrors, allowMissingEnv,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var sources = await PolicyInputs.OpenAsync(
                arguments.GetValue(paths)!, arguments.GetValue(section)!, terminal.In, cancellationToken)
                .ConfigureAwait(false);
            var report = await PolicyCheck.RunAsync(
                sources, arguments.GetValue(at), arguments.GetValue(allowMissingEnv), cancellationToken)
                .ConfigureAwait(false);
            ReportWriter.Write(terminal, report, arguments.GetValue(format)!);
            return report.HasErrors || (report.Warnings > 0 && arguments.GetValue(warningsAsErrors))
                ? ExitCodes.Findings : ExitCodes.Success;
        });
        return command;
    }

    private static DateTimeOffset? ParseTime(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (DateTimeOffset.TryParseExact(
            text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
        {
            return time;
        }

        argument.AddError($"'{SafeText.Of(text)}' is not a time; write 2027-03-01 or 2027-03-01T12:00:00Z.");
        return null;
    }
}
