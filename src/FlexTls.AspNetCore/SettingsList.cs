namespace FlexTls;

/// <summary>The effective settings, as the log has them.</summary>
internal static class SettingsList
{
    public static void Write(PageWriter page, EffectiveTlsSettings settings)
    {
        page.Write($"<h3>Effective settings</h3>\n<dl>\n");
        foreach (var line in settings.ToString().Split('\n', StringSplitOptions.TrimEntries))
        {
            var end = line.IndexOf(": ", StringComparison.Ordinal);
            if (end < 0)
            {
                page.Write($"<dd><bdi>{line}</bdi></dd>\n");
            }
            else
            {
                page.Write($"<dt>{line[..end]}</dt><dd><bdi>{line[(end + 2)..]}</bdi></dd>\n");
            }
        }

        page.Write($"</dl>\n");
    }
}
