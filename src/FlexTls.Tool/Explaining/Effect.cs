namespace FlexTls;

/// <summary>What a change does to the protection.</summary>
internal enum Effect
{
    Weaker,
    Stronger,
    Other,
}
