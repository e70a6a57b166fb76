namespace FlexTls.Interop;

/// <summary>A server that others wrote: how it is started, what it says, what it cannot do.</summary>
internal abstract class InteropServer
{
    private IReadOnlyList<Gap>? _gaps;

    /// <summary>As the columns of the page name it.</summary>
    public abstract string Name { get; }

    /// <summary>Its TLS library.</summary>
    public abstract string Library { get; }

    /// <summary>Programs and files without which it is not there.</summary>
    public abstract IReadOnlyList<string> Needs { get; }

    /// <summary>What of it is not on this machine; the configurations are for Linux.</summary>
    public virtual IReadOnlyList<string> Missing() =>
        OperatingSystem.IsLinux() ? [.. Needs.Where(need => ServerProcess.Find(need) is null)] : ["Linux"];

    /// <summary>Calls that say the versions of the server and of its library.</summary>
    public abstract IReadOnlyList<ServerCommand> Versions { get; }

    /// <summary>What it says about a connection.</summary>
    public virtual Tells Tells => Tells.All;

    /// <summary>Whether it has no name for a suite, but for its cipher.</summary>
    public virtual bool SaysCipherOnly => false;

    /// <summary>The protocols that it accepts.</summary>
    public virtual IReadOnlyList<string> Alpn => ["h2", "http/1.1"];

    /// <summary>Whether it follows the client's order of protocols, and not its own.</summary>
    public virtual bool FollowsClientOrder => false;

    /// <summary>Whether a client that offers protocols can connect at all.</summary>
    public virtual bool TakesAlpn => true;

    /// <summary>The sessions of TLS 1.3 that it resumes.</summary>
    public virtual ResumedSessions Resumes => ResumedSessions.All;

    /// <summary>Whether its answer says whether a session was resumed.</summary>
    public virtual bool SaysWhetherResumed => false;

    /// <summary>Whether it answers requests.</summary>
    public virtual bool SpeaksHttp => true;

    /// <summary>What it says, one of these, when a client certificate is required and none came: in its log or in its answer.</summary>
    public virtual IReadOnlyList<string> WordsWithoutCertificate => [];

    /// <summary>What it cannot do.</summary>
    public IReadOnlyList<Gap> Gaps => _gaps ??= [.. KnownGaps];

    protected virtual IEnumerable<Gap> KnownGaps => [];

    /// <summary>What has to run once before the server: a compiler.</summary>
    public virtual ServerCommand? Prepare(ServerFolder folder) => null;

    /// <summary>The server's process.</summary>
    public abstract ServerCommand Command(ServerFolder folder);

    /// <summary>Whether this much of the log says that all ports are open; <see langword="null"/>: connecting tells.</summary>
    public virtual Func<string, bool>? IsReady(ServerFolder folder) => null;

    /// <summary>What the server says about a connection, or <see langword="null"/>: its log says more soon.</summary>
    /// <param name="answer">Its answer.</param>
    /// <param name="log">What it logged since the connection began; the last one in it counts.</param>
    public virtual ServerView? View(string answer, string log) => ServerView.Parse(answer);

    public Gap? GapOf(Row row) => Gaps.FirstOrDefault(gap => gap.Covers(row));

    /// <summary>The protocol that it chooses for a client that offers these; empty: none.</summary>
    public string Choice(IReadOnlyList<string> offered) => FollowsClientOrder
        ? offered.FirstOrDefault(Alpn.Contains) ?? ""
        : Alpn.FirstOrDefault(offered.Contains) ?? "";

    public override string ToString() => Name;
}
