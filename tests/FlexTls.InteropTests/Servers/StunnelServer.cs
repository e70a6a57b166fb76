using System.Text.RegularExpressions;

namespace FlexTls.Interop;

/// <summary>stunnel in front of a shell script that answers HTTP.</summary>
internal sealed partial class StunnelServer : InteropServer
{
    public override string Name => "stunnel";

    public override string Library => "OpenSSL";

    public override IReadOnlyList<string> Needs => ["stunnel", "sh"];

    public override IReadOnlyList<ServerCommand> Versions => [new("stunnel", "-version")];

    public override IReadOnlyList<string> Alpn => [];

    public override IReadOnlyList<string> WordsWithoutCertificate => ["peer did not return a certificate"];

    public override Tells Tells => Tells.Version | Tells.Suite | Tells.Client;

    public override ServerCommand Command(ServerFolder folder)
    {
        folder.Configure("stunnel-answer.sh");
        return new("stunnel", folder.Configure("stunnel.conf"));
    }

    public override ServerView? View(string answer, string log) => Negotiated().Matches(log).LastOrDefault() is { } negotiated
        ? ServerView.Parse(answer) with { Version = negotiated.Groups[1].Value, Suite = negotiated.Groups[2].Value }
        : null;

    [GeneratedRegex(@"(TLSv[\d.]+) ciphersuite: (\S+)")]
    private static partial Regex Negotiated();
}
