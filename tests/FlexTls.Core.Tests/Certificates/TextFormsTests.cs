using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Certificates;

/// <summary>
/// Text as it comes out of editors, copies, templates and programs: read where it is plain, and else told by name.
/// </summary>
public sealed class TextFormsTests : IDisposable
{
    private const string Secret = "hunter2";

    private static readonly string Root = Pki.Root.Pem;
    private static readonly string Other = Pki.Foreign.Pem;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string, string> GoodForms => new()
    {
        { "a byte order mark before the first block", $"\uFEFF{Root}\n{Other}\n" },
        { "a byte order mark between two blocks", $"{Root}\n\uFEFF{Other}\n" },
        { "a byte order mark behind blanks", $"{Root}\n  \uFEFF {Other}\n" },
        { "carriage returns", $"{Root}\n{Other}\n".Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "rulers of dashes", $"----------\n{Root}\n-------\n{Other}\n-----\n" },
        { "titles underlined with dashes", $"Root CA\n-------\n{Root}\n\nOther\n-----\n{Other}\n" },
        { "titles between dashes", $"----- Root CA -----\n{Root}\n------ Other ------\n{Other}\n" },
        { "comments that begin like PEM",
            $"--- Begin Corp CA ---\n{Root}\n- End of 2024: new CA\n-- END OF LIST --\n----- begin of chain -----\n{Other}\n" },
        { "comments", $"# Root CA\n{Root}\n# -----BEGIN CERTIFICATE-----\n# old\n# -----END "
            + $"CERTIFICATE-----\n{Other}\n" },
        { "bag attributes", $"Bag Attributes\n    friendlyName: C:\\new\\root\nsubject=CN = root\n{Root}\n{Other}" },
        { "line breaks written out", $"{Root}\n{Other}\n".Replace("\n", @"\n", StringComparison.Ordinal) },
        { "line breaks of Windows written out", $"{Root}\n{Other}\n".Replace("\n", @"\r\n", StringComparison.Ordinal) },
        { "the older label", $"{Root}\n{Other}".Replace(" CERTIFICATE-----", " X509 CERTIFICATE-----",
            StringComparison.Ordinal) },
        { "indentation by tabs and no-break spaces",
            $"{Root}\n{Other}".Replace("\n", "\n\t\u00A0", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(GoodForms))]
    public void AGoodForm_IsRead_HoweverTheTextComes(string form, string text)
    {
        Assert.NotEmpty(form);
        var path = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

        foreach (var value in new[] { text, $"file:{path}", $"file: {path}\n" })
        {
            Assert.Equal(2,
                Findings.Accepted(new OutboundTlsOptions { TrustedCA = value }).TrustAnchors!.Certificates.Count);
        }
    }

    [Fact]
    public void MoreBehindTheValueOfABlock_IsAnError_AndNotDroppedInSilence()
    {
        byte[] two = [.. Pki.Root.Certificate.RawData, .. Pki.Foreign.Certificate.RawData];
        var key = Pki.Client.GetECDsaPrivateKey()!;
        var crt = Pki.Client.ExportCertificatePem();

        var ca = Findings.Refused(
            new OutboundTlsOptions { TrustedCA = PemEncoding.WriteString("CERTIFICATE", two) }, "E:FTLS3005");
        foreach (var (label, data) in new[]
        {
            ("PRIVATE KEY", key.ExportPkcs8PrivateKey()), ("EC PRIVATE KEY", key.ExportECPrivateKey()),
        })
        {
            var options = new CertificateOptions { Key = PemEncoding.WriteString(label, [.. data, 0]), Crt = crt };
            Findings.Refused(new OutboundTlsOptions { Certificate = options }, "E:FTLS3006");
        }

        Assert.EndsWith(
            "has a CERTIFICATE block with more after its certificate, which would be ignored; "
                + "write each certificate in a block of its own.",
            ca[0].Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> BadForms => new()
    {
        { Root + Other, "FTLS3004", "joined without a line break" },
        { $"{Root}\uFEFF{Other}", "FTLS3004", "joined without a line break" },
        { $"no break here{Root}", "FTLS3004", "put one before the BEGIN line" },
        { $"{Root}no break here{Other}", "FTLS3004", "joined without a line break" },
        { Root.Replace("\n-----END", "-----END", StringComparison.Ordinal), "FTLS3004",
            "line break before an END line" },
        { Root.Replace("\n-----END", "-----END", StringComparison.Ordinal) + Other, "FTLS3004", "joined" },
        { Root.Replace('\n', ' '), "FTLS3004", "line breaks were lost" },
        { $"\"{Root}\"", "FTLS3004", "quotes" },
        { Root.Replace("-----", "\u2014\u2013", StringComparison.Ordinal), "FTLS3004", "five hyphens" },
        { Root.Replace("-----", "----", StringComparison.Ordinal), "FTLS3004", "five hyphens" },
        { Root.ToLowerInvariant(), "FTLS3004", "capital letters" },
        { Uri.EscapeDataString(Root).Replace("%2D", "-", StringComparison.Ordinal), "FTLS3004", "URL" },
        { Root[..^30], "FTLS3004", "cut off" },
        { $"{Root}\n-----", "FTLS3004", "cut off" },
        { Root.Replace("MII", "M..", StringComparison.Ordinal), "FTLS3004", "not base64" },
        { $"{Root.Split('\n')[0]}\n{Root.Split('\n')[^1]}", "FTLS3004", "nothing between" },
        { Root.Replace(" CERTIFICATE-", " TRUSTED CERTIFICATE-", StringComparison.Ordinal), "FTLS3003",
            "openssl x509" },
        { Root.Replace(" CERTIFICATE-", " PKCS7-", StringComparison.Ordinal), "FTLS3003", "openssl pkcs7" },
        { $"{Root}\n{Pki.Client.KeyPem()}", "FTLS3003", "PRIVATE KEY" },
        { PemEncoding.WriteString("CERTIFICATE", Pki.Client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey()),
            "FTLS3005", "holds a private key" },
        { PemEncoding.WriteString("CERTIFICATE", Pki.Root.Certificate.RawData.AsSpan(0, 200)), "FTLS3005", "cut off" },
        { Convert.ToBase64String(Encoding.UTF8.GetBytes(Root)), "FTLS3024", "base64 -d" },
        { Convert.ToBase64String(Pki.Root.Certificate.RawData), "FTLS3024", "a certificate in base64 without" },
        { "{ \"kty\": \"EC\" }", "FTLS3024", "JSON" },
        { "<ca>", "FTLS3024", "placeholder" },
        { "https://ca.example/root.pem", "FTLS3024", "address" },
        { "/etc/ssl/ca.pem", "FTLS1036", "is a path; write 'file:'" },
        { "certs/ca.crt\n", "FTLS1036", "is a path; write 'file:'" },
        { "C:\\certs\\root", "FTLS1036", "is a path; write 'file:'" },
        { "File:ca.pem", "FTLS1036", "lower case" },
        { "$CA", "FTLS1036", "GetEnvironmentVariable" },
        { "${CA}", "FTLS1036", "write $NAME" },
        { "%CA%", "FTLS1036", "write $NAME" },
        { "{{ .Values.ca }}", "FTLS1036", "template" },
        { "no such thing", "FTLS3001", "holds no PEM block" },
    };

    [Theory]
    [MemberData(nameof(BadForms))]
    public void ABadForm_IsToldByName(string text, string code, string words) =>
        Assert.Contains(words, Findings.Refused(new OutboundTlsOptions { TrustedCA = text },
            $"E:{code}")[0].Message, StringComparison.Ordinal);

    public static TheoryData<string, byte[], string, string> BadFiles => new()
    {
        { "der", Pki.Root.Certificate.RawData, "FTLS3024", "openssl x509 -inform der" },
        { "key", Pki.Client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey(), "FTLS3024", "openssl pkey -inform der" },
        { "pkcs12", Pki.Client.Export(X509ContentType.Pkcs12, Secret), "FTLS3024", "pkcs12 (under extensions)" },
        { "pkcs12 of a CA", Pki.Client.Export(X509ContentType.Pkcs12, Secret), "FTLS3024",
            "CAs are taken out of it with 'openssl pkcs12 -nokeys -out NEW.pem -in FILE'" },
        { "utf-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Root)], "FTLS3024", "UTF-16" },
        { "utf-16 big-endian", [.. Encoding.BigEndianUnicode.GetPreamble(),
            .. Encoding.BigEndianUnicode.GetBytes(Root)], "FTLS3024", "UTF-16" },
        { "utf-16 without a mark", Encoding.Unicode.GetBytes(Root), "FTLS3024", "UTF-16" },
        { "keystore", [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2], "FTLS3024", "keytool" },
        { "gzip", [0x1F, 0x8B, 8, 0], "FTLS3024", "compressed" },
        { "nothing", [], "FTLS1031", "empty" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void AFileInAnotherForm_IsToldByName(string name, byte[] content, string code, string words)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);

        var found = Findings.Refused(new OutboundTlsOptions { TrustedCA = $"file:{path}" }, $"E:{code}")[0];

        Assert.Contains(words, found.Message, StringComparison.Ordinal);
        Assert.Contains(name, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APathThatIsNoFile_IsToldAsWhatItIs()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "certs"));
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "broken"), "nowhere.pem");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "circle"), "circle");
        foreach (var (name, words) in new[]
        {
            ("certs", "it is a folder"), ("broken", "it is a link whose target does not exist"), ("circle", "in a circle"),
            ("none.pem", "there is no such file."), ("$HOME/ca.pem", "not replaced"), ("${DIR}/ca.pem", "not replaced"),
            (new string('x', 300), "its path is too long"), ("a\0b", "a character that is not allowed in paths"),
        })
        {
            var found = Findings.Refused(new OutboundTlsOptions { TrustedCA = $"file:{_folder.FullName}/{name}" },
                "E:FTLS1031")[0];

            Assert.Contains(words, found.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OneFile_HoldsCertificateAndKey()
    {
        var (key, crt) = (Pki.Client.KeyPem(), Pki.Client.ChainPem(Pki.Intermediate.Certificate));
        var path = Path.Combine(_folder.FullName, "both.pem");
        foreach (var text in new[] { $"{key}\n{crt}\n", $"{crt}\n{key}\n",
            $"{crt}\n-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n{key}" })
        {
            File.WriteAllText(path, text);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            foreach (var value in new[] { text, $"file:{path}" })
            {
                var policy = Findings.Accepted(new OutboundTlsOptions { Certificate = new CertificateOptions { Key = value, Crt = value } });

                Assert.True(policy.ClientIdentity!.Leaf.HasPrivateKey);
                Assert.Single(policy.ClientIdentity.Intermediates);
            }
        }
    }

    [Fact]
    public void OneFileWithoutOneOfThem_IsToldAsSuch()
    {
        var (key, crt) = (Pki.Client.KeyPem(), Pki.Client.ExportCertificatePem());

        Findings.Refused(new OutboundTlsOptions { Certificate = new CertificateOptions { Key = crt, Crt = crt } },
            "E:FTLS3003");
        Findings.Refused(new OutboundTlsOptions { Certificate = new CertificateOptions { Key = key, Crt = key } },
            "E:FTLS3003");
        Findings.Refused(new OutboundTlsOptions
        {
            Certificate = new CertificateOptions
            {
                Key = $"{key}\n{key}",
                Crt = crt
            }
        }, "E:FTLS3018");
    }
}
