namespace FlexTls.Support;

/// <summary>A handler of the user's that changes nothing.</summary>
internal sealed class PassingHandler : DelegatingHandler;
