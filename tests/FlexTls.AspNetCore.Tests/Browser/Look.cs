namespace FlexTls.Pages.Browser;

/// <summary>How a reader looks at the page.</summary>
public sealed record Look(bool IsDark = false, bool IsPhone = false)
{
    public override string ToString() => $"{(IsDark ? "dark" : "light")}-{(IsPhone ? "phone" : "desktop")}";
}
