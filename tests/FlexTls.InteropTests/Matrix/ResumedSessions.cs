namespace FlexTls.Interop;

/// <summary>The sessions of TLS 1.3 that a server resumes.</summary>
internal enum ResumedSessions
{
    /// <summary>None, or it has no TLS 1.3.</summary>
    None,

    /// <summary>Those without a client certificate.</summary>
    WithoutClientCertificate,

    /// <summary>Those without a client certificate, and with one.</summary>
    All,
}
