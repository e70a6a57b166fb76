namespace FlexTls.Support;

/// <summary>What a process left: its exit code and what it wrote.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error);
