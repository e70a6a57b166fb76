using System.Net.Security;

namespace FlexTls.Interop;

/// <summary>What came of a connection on our side.</summary>
internal sealed record Observation
{
    /// <summary>Why there is no answer; <see langword="null"/>: there is one.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Whether it is an error of the status 400.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>The server's answer.</summary>
    public string Answer { get; init; } = "";

    /// <summary>The version, where the stream is at hand.</summary>
    public TlsVersion? Version { get; init; }

    /// <summary>The suite, where the stream is at hand.</summary>
    public TlsCipherSuite? Suite { get; init; }

    /// <summary>Whether the server resumed a session, where the stream is at hand.</summary>
    public bool IsResumed { get; init; }

    /// <summary>The version of HTTP, where a named client asked.</summary>
    public Version? Http { get; init; }

    /// <summary>The application protocol; empty: none.</summary>
    public string? Alpn { get; init; }
}
