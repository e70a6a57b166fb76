using System.Text.RegularExpressions;

namespace FlexTls.Interop;

/// <summary>botan's own test server, which echoes lines and speaks no HTTP.</summary>
internal sealed partial class BotanServer : NamespacedServer
{
    public override string Name => "botan tls_server";

    public override string Library => "Botan";

    public override IReadOnlyList<ServerCommand> Versions => [new("botan", "version")];

    public override IReadOnlyList<string> Alpn => [];

    public override bool TakesAlpn => false;

    public override ResumedSessions Resumes => ResumedSessions.None;

    public override bool SpeaksHttp => false;

    public override Tells Tells => Tells.Version | Tells.Suite;

    protected override IEnumerable<Gap> KnownGaps =>
    [
        new(["TLS 1.3"], "No shared TLS version"),
        new(["client certificate "], "Usage: tls_server cert key --port=443 --type=tcp --policy=default --dump-traces= --max-clients=0")
        {
            Probe = _ => new("botan", "tls_server", "--help"),
            Source = "it has no option for it",
        },
        new(["ALPN"], "Alert: decode_error"),
    ];

    protected override string Program => "botan";

    protected override string ListenLine => "Listening for new connections on tcp port";

    public override ServerView? View(string answer, string log) => Negotiated().Matches(log).LastOrDefault() is { } negotiated
        ? new ServerView(negotiated.Groups[1].Value, negotiated.Groups[2].Value, "", "", "")
        : null;

    [GeneratedRegex(@"Handshake complete, TLS v([\d.]+) using (\w+)")]
    private static partial Regex Negotiated();
}
