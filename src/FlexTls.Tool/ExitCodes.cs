namespace FlexTls;

/// <summary>What the commands return; docs/tool.md lists them.</summary>
internal static class ExitCodes
{
    /// <summary>All is well.</summary>
    public const int Success = 0;

    /// <summary>The command found what it looks for: policies with errors, a server that is refused.</summary>
    public const int Findings = 1;

    /// <summary>The command could not run: bad arguments, an unknown name, or no answer to a probe.</summary>
    public const int Unusable = 2;

    /// <summary>Ctrl-C, as shells count it: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;
}
