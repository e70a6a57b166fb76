using FlexTls.Corpus;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

/// <summary>Blanks that look like spaces and are none, and marks of files that were joined, in policy files.</summary>
public class YamlBlankTests
{
    private static readonly string Policy = CorpusCase.Load("valid-empty-config").Text;

    [Theory]
    [InlineData("\n    trustedCA: |\n\t-----BEGIN CERTIFICATE-----\n\tAAAA\n\t-----END CERTIFICATE-----\n", "a tab")]
    [InlineData("\n    trustedCA: |\n      -----BEGIN CERTIFICATE-----\n\tAAAA\n      -----END CERTIFICATE-----\n", "a tab")]
    [InlineData("\n\ttrustedCA: file:ca.pem\n", "a tab")]
    [InlineData("\n    trustedCA: |\n\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0-----BEGIN CERTIFICATE-----\n\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0AAAA\n", "no-break space")]
    [InlineData("\n    trustedCA: |\n      -----BEGIN CERTIFICATE-----\n\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0AAAA\n", "no-break space")]
    [InlineData("\n\u00A0\u00A0\u00A0\u00A0minversion: '1.2'\n", "no-break space")]
    [InlineData("\n    \u00A0minversion: '1.2'\n", "no-break space")]
    [InlineData("\n    maxversion: '1.3'\n    \u3000minversion: '1.2'\n", "no-break space")]
    [InlineData("\n    minversion:\u00A0'1.2'\n", "no-break space")]
    [InlineData("\n    trustedCA: file: ca.pem\n", "write file:PATH")]
    public void ABlankThatIsNoSpace_IsToldAsSuch(string config, string words)
    {
        Assert.False(TlsPolicyFile.TryParse(Policy.Replace(" {}", config, StringComparison.Ordinal), null,
            out var set));

        Assert.Contains(set.Diagnostics, found => found.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void AByteOrderMark_BetweenJoinedFiles_IsNoPartOfAKey()
    {
        var other = Policy.Replace("orders", "billing", StringComparison.Ordinal);

        Assert.True(TlsPolicyFile.TryParse($"\uFEFF{Policy}\n---\n\uFEFF{other}", null, out var first),
            string.Join('\n', first.Diagnostics));
        Assert.True(TlsPolicyFile.TryParse($"{Policy}\n\uFEFF---\n{other}", null, out var second),
            string.Join('\n', second.Diagnostics));
        Assert.Equal((2, 2), (first.Bindings.Count, second.Bindings.Count));
    }

    [Fact]
    public void LineBreaksWrittenOut_AreReadInAQuotedValue_AndToldInABlock()
    {
        var written = Pki.Root.Pem.Replace("\n", @"\n", StringComparison.Ordinal);

        Assert.True(TlsPolicyFile.TryParse(Policy.Replace(" {}", $"\n    trustedCA: '{written}'\n",
            StringComparison.Ordinal), null, out _));
        Assert.False(TlsPolicyFile.TryParse(Policy.Replace(" {}", $"\n    trustedCA: |\n      {written}\n",
            StringComparison.Ordinal), null, out var set));
        Assert.Equal(["E:FTLS3004"], set.Diagnostics.Codes());
        Assert.Contains(@"'\n' is written out", set.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("minversion: ${MIN}")]
    [InlineData("ciphers: [ '%SUITE%' ]")]
    [InlineData("skipValidation: '{{ .Values.skip }}'")]
    [InlineData("certificate: { key: '$(KEY)', crt: $env:CRT }")]
    [InlineData("extensions: { serverName: '%HOST%' }")]
    public void AVariableInAnotherSpelling_IsToldWithTheRightOne(string config)
    {
        Assert.False(TlsPolicyFile.TryParse(Policy.Replace(" {}", $"\n    {config}\n", StringComparison.Ordinal),
            null, out var set));

        Assert.All(set.Diagnostics, found => Assert.Equal("FTLS1036", found.Code));
        Assert.All(set.Diagnostics, found => Assert.Contains("$NAME", found.Message, StringComparison.Ordinal));
    }
}
