namespace FlexTls;

/// <summary>One policy of a section of a configuration.</summary>
/// <param name="Target">The Service that it is for; <see langword="null"/> after a reported fault.</param>
/// <param name="Policy">The policy; <see langword="null"/> after a reported fault.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Found">The findings in it.</param>
internal sealed record SectionPolicy(ServiceName? Target, OutboundTlsPolicy? Policy, Place Place, DiagnosticList Found);
