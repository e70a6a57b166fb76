using System.Diagnostics;
using System.Security.Cryptography;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Policies;

/// <summary><c>extensions.pins</c> in code: 32 bytes in base64, more than one, and never an empty list.</summary>
public class PinsTests
{
    private static readonly string One = Pin(Pki.Root.Certificate.PublicKey.ExportSubjectPublicKeyInfo());
    private static readonly string Other = Pin(Pki.Foreign.Certificate.PublicKey.ExportSubjectPublicKeyInfo());

    [Fact]
    public void Pins_AreKeptInOrder_EachOnce()
    {
        var policy = Findings.Accepted(Options(Other, One, Other));

        Assert.Equal([Other, One], policy.PinnedKeys);
        Assert.Equal([Other, One], policy.Pins.Select(pin => Convert.ToBase64String(pin.Span)));
        Assert.Equal("TLS 1.2 to 1.3, 9 suites, h2, http/1.1, system trust, 2 pins, no client certificate", policy.ToString());
    }

    [Fact]
    public void OneKeyAlone_IsAWarning()
    {
        var policy = Findings.Accepted(Options(One), "W:FTLS2028");

        Assert.Equal([One], policy.PinnedKeys);
        Assert.StartsWith("Extensions.Pins.SpkiSha256 has one pin:", policy.Diagnostics[0].Message, StringComparison.Ordinal);
        Findings.Accepted(Options(One, One), "W:FTLS2028");
    }

    public static TheoryData<string?, string> NoPins => new()
    {
        { null, "(44 characters);" },
        { "", "(44 characters);" },
        { " " + One, "(44 characters);" },
        { One + "\n", "(44 characters);" },
        { One[..^1], "(44 characters);" },
        { Convert.ToBase64String(new byte[31]), "(44 characters);" },
        { Convert.ToBase64String(new byte[33]), "(44 characters);" },
        { Convert.ToBase64String(new byte[20]), "(44 characters);" },
        { Convert.ToBase64String(new byte[32])[..42] + "B=", "(44 characters);" },
        { Convert.ToHexString(Convert.FromBase64String(One)), "it looks like hexadecimal" },
        { Convert.ToHexString(Convert.FromBase64String(One)).ToLowerInvariant(), "it looks like hexadecimal" },
        { string.Join(':', Convert.FromBase64String(One).Select(b => $"{b:X2}")), "it looks like hexadecimal" },
        { $"sha256/{One}", "leave out 'sha256/'" },
    };

    [Theory]
    [MemberData(nameof(NoPins))]
    public void WhatIsNoPin_IsAnErrorWithTheCommandThatMakesOne(string? text, string hint)
    {
        var fault = Assert.Single(Findings.Refused(Options(Other, text!), "E:FTLS2027"));

        Assert.StartsWith("Extensions.Pins.SpkiSha256[1] is not a SHA-256 value in base64", fault.Message, StringComparison.Ordinal);
        Assert.Contains(hint, fault.Message, StringComparison.Ordinal);
        Assert.Contains("openssl pkey -pubin -outform der", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCommandOfTheMessage_MakesThePinOfACertificate()
    {
        ExternalTool.RequireOpenSsl();
        ExternalTool.Require("sh", "-c :");
        var folder = Directory.CreateTempSubdirectory("flextls-");
        try
        {
            var file = Path.Combine(folder.FullName, "root.pem");
            File.WriteAllText(file, Pki.Root.Pem);
            var command = Findings.Refused(Options("x"), "E:FTLS2027")[0].Message.Split("make one with: ")[1].Replace("FILE", file, StringComparison.Ordinal);
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true })!;

            Assert.Equal(One, shell.StandardOutput.ReadToEnd().Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void WhatIsNoPin_IsNotQuoted() => // It may be a key in the wrong place.
        Assert.DoesNotContain("c2VjcmV0", Findings.Refused(Options("c2VjcmV0"), "E:FTLS2027")[0].Message, StringComparison.Ordinal);

    [Fact]
    public void NothingToCheck_IsAnError()
    {
        Findings.Refused(Options(), "E:FTLS1007");
        var fault = Assert.Single(Findings.Refused(new OutboundTlsOptions { Extensions = new OutboundTlsExtensionOptions { Pins = new PinsOptions() } }, "E:FTLS1007"));
        Assert.StartsWith("Extensions.Pins holds no pins;", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BesideSkipValidation_IsAWarning()
    {
        var options = Options(One, Other);
        options.DangerousSkipValidation = true;

        var policy = Findings.Accepted(options, "W:FTLS2001", "W:FTLS2029");

        Assert.Equal("Extensions.Pins.SpkiSha256 is not used, because DangerousSkipValidation is true.", policy.Diagnostics[1].Message);
    }

    [Fact]
    public void Policies_DifferByTheirPins()
    {
        string[][] different = [[One], [Other], [One, Other]];

        Assert.Equal(different.Length + 1, different.Select(pins => OutboundTlsPolicy.Create(Options(pins))).Append(OutboundTlsPolicy.Default).Distinct().Count());
        Assert.Equal(OutboundTlsPolicy.Create(Options(One, Other)), OutboundTlsPolicy.Create(Options(One, Other)));
        Assert.Equal(OutboundTlsPolicy.Create(Options(One, Other)).GetHashCode(), OutboundTlsPolicy.Create(Options(One, Other)).GetHashCode());
    }

    private static OutboundTlsOptions Options(params string[] pins) => new() { Extensions = new OutboundTlsExtensionOptions { Pins = new PinsOptions { SpkiSha256 = pins } } };

    private static string Pin(byte[] publicKey) => Convert.ToBase64String(SHA256.HashData(publicKey));
}
