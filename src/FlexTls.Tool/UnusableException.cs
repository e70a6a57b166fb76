namespace FlexTls;

/// <summary>A command cannot do its work; the message says why, and is all that the user gets.</summary>
internal sealed class UnusableException(string message) : Exception(message);
