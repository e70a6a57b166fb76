using System.Globalization;

namespace Rotation;

/// <summary><c>Rotation [SECONDS]</c>: how long it runs.</summary>
internal static class Arguments
{
    private const int Default = 20;
    private const int Most = 3600;

    /// <summary>The seconds; <see langword="null"/>: the arguments make no sense, and the usage was shown.</summary>
    public static int? Seconds(string[] args)
    {
        switch (args)
        {
            case []:
                return Default;
            case [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= Most:
                return seconds;
            default:
                Console.Error.WriteLine($"usage: Rotation [SECONDS]    1 to {Most}, default {Default}");
                return null;
        }
    }
}
