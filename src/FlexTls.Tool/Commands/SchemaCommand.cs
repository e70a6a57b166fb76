using System.CommandLine;

namespace FlexTls;

/// <summary><c>flextls schema</c>: the JSON schema of policy files, for editors.</summary>
internal static class SchemaCommand
{
    private const string Resource = "flextls-policy.schema.json";

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "schema", "Writes the JSON schema of policy files, for editors: flextls schema > flextls.schema.json");
        command.SetAction(_ =>
        {
            using var reader = new StreamReader(
                typeof(SchemaCommand).Assembly.GetManifestResourceStream(Resource)!);
            terminal.WriteLine(reader.ReadToEnd().TrimEnd());
        });
        return command;
    }
}
