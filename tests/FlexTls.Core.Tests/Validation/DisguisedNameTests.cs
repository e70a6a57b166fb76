using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>An excluded directoryName is excluded with unseen characters in it, and in every letter case.</summary>
public class DisguisedNameTests
{
    public static TheoryData<int> Unseen =>
    [
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180E, 0x200B, 0x202E, 0x2028,
        0x2060, 0x2065, 0x2800, 0x3164,
        0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0xFFFC, 0x13441, 0x16FE4,
        0x1BCA0, 0x1D159, 0x1D173, 0xE0001, 0xE0041, 0xE0100, 0xE01EF,
    ];

    /// <summary>What is seen in some fonts, or will be; it cannot be compared, and a log may show it.</summary>
    public static TheoryData<int> Unknown => [0x0378, 0xE000, 0xFFFD, 0x1F600, 0x10FFFD];

    [Theory]
    [MemberData(nameof(Unseen))]
    [MemberData(nameof(Unknown))]
    public void AnExcludedName_IsExcludedWithSuchCharacters(int character) =>
        AssertExcluded("Evil", $"Ev{char.ConvertFromUtf32(character)}il");

    [Theory]
    [MemberData(nameof(Unseen))]
    public void WhatIsNotSeen_IsNotWritten(int character) =>
        Assert.Equal("Ev il", Text.OneLine($"Ev{char.ConvertFromUtf32(character)}il"));

    [Theory]
    [InlineData("Ev\U0001F600il")]
    [InlineData("Müller & Söhne")]
    [InlineData("株式会社")]
    public void WhatIsSeen_IsWritten(string text) => Assert.Equal(text, Text.OneLine(text));

    [Theory]
    [InlineData("STRASSE", "straße")]
    [InlineData("straße", "STRAẞE")]
    [InlineData("İstanbul", "i\u0307stanbul")]
    [InlineData("ᾳ", "ΑΙ")]
    [InlineData("ᾴ", "ΆΙ")]
    [InlineData("ᾼ", "αι")]
    [InlineData("ǰ", "J\u030C")]
    [InlineData("ΐ", "Ϊ\u0301")]
    [InlineData("ὖ", "Υ\u0313\u0342")]
    [InlineData("ŉ", "ʼN")]
    [InlineData("և", "ԵՒ")]
    [InlineData("ﬃ", "FFI")]
    [InlineData("ﬓ", "ՄՆ")]
    [InlineData("ς", "Σ")]
    [InlineData("ſ", "S")]
    [InlineData("K", "k")]
    [InlineData("𐐨", "𐐀")]
    [InlineData("Müller  &  Söhne", "MU\u0308LLER & SO\u0308HNE")]
    public void AnExcludedName_IsExcludedInEveryLetterCase(string one, string other)
    {
        AssertExcluded(one, other);
        AssertExcluded(other, one);
    }

    [Theory]
    [InlineData("Müller & Söhne (Köln) – “Straße”")]
    [InlineData("Ελλάδα")]
    [InlineData("株式会社・東京")]
    [InlineData("हिन्दी")]
    public void AnHonestName_IsComparable(string name)
    {
        Assert.True(DistinguishedName.Of(Name(name)).IsComparable);
        Assert.Equal("", CodesUnder("Evil", name));
    }

    private static void AssertExcluded(string excluded, string name) =>
        Assert.Equal("FTLS5009", CodesUnder(excluded, name));

    private static string CodesUnder(string excluded, string name)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
        {
            writer.WriteEncodedValue(Name(excluded));
        }

        var options = new AuthorityOptions { Extensions = [Constraints([], [writer.Encode()])] };
        using var authority = Pki.Root.Intermediate("CN=Excludes", options);
        var parts = CertificateParts.Of(authority.IssueServer(Pki.Host)) with { Subject = Name(name) };
        return Verdict.Of([Pki.Root.Certificate], parts.SignedBy(authority), authority.Certificate).Codes();
    }

    private static byte[] Name(string organization)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.Add("2.5.4.10", organization, UniversalTagNumber.UTF8String);
        return builder.Build().RawData;
    }
}
