using Xunit;

namespace FlexTls.Pages;

/// <summary>Times and text in words.</summary>
public class WordTests
{
    [Theory]
    [InlineData("800.00:00:00", "2 years")]
    [InlineData("730.00:00:00", "730 days")]
    [InlineData("1.23:00:00", "1 day")]
    [InlineData("02:59:00", "2 hours")]
    [InlineData("00:01:00", "1 minute")]
    [InlineData("00:00:59", "59 seconds")]
    public void ATime_IsNamedByItsLargestUnit(string time, string words) =>
        Assert.Equal(words, Durations.InWords(TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void TimesWithoutADistance_AreNow()
    {
        var now = DateTimeOffset.UnixEpoch;

        Assert.Equal("just now", Durations.Ago(now, now));
        Assert.Equal("now", Durations.In(now, now));
        Assert.Equal("1 second ago", Durations.Ago(now, now.AddSeconds(1)));
        Assert.Equal("in 2 minutes", Durations.In(now.AddMinutes(2), now));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("größe 価格 😀", "größe 価格 😀")]
    [InlineData("a\0b\u202Ec\u2028d\uFEFFe\u007Ff", "a\\u0000b\\u202Ec\\u2028d\\uFEFFe\\u007Ff")]
    [InlineData("a\r\n\tb", "a\r\n\tb")]
    [InlineData("a\U000E0041b", "a\\uE0041b")]
    public void UnseenCharacters_AreShownByTheirNumbers(string text, string shown) =>
        Assert.Equal(shown, VisibleText.Of(text));

    [Fact]
    public void HalfACharacter_IsReplaced() => Assert.Equal("a\uFFFDb", VisibleText.Of("a\uD83Db"));
}
