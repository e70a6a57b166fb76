namespace FlexTls;

/// <summary>The kinds of subject alternative names that a policy can ask for.</summary>
internal enum ExpectedNameKind
{
    Dns,
    Uri,
    IP,
}
