using System.Security.Cryptography;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>What a policy loses when another one replaces it, each kind alone.</summary>
public class PolicyChangeTests
{
    private const string SystemTrust = "trustedCA is gone: the operating system's CAs take its place";

    private static readonly string First = Convert.ToBase64String(SHA256.HashData("1"u8));
    private static readonly string Second = Convert.ToBase64String(SHA256.HashData("2"u8));

    // The policy before, the policy after, what was taken away, what is weaker.
    private static readonly Dictionary<string, (Action<OutboundTlsOptions> Old, Action<OutboundTlsOptions> Next, string? TakenAway, string? Weaker)> Losses = new(StringComparer.Ordinal)
    {
        ["trustedCA goes"] = (Trust, _ => { }, SystemTrust, SystemTrust),
        ["trustedCA goes, beside which the system was trusted"] = (TrustSystem, _ => { }, "trustedCA is gone", null),
        ["a CA goes"] = (o => o.TrustedCA = Both, Trust, "trustedCA has 1 instead of 2 entries", null),
        ["two CAs become another one"] =
            (o => o.TrustedCA = Both, o => o.TrustedCA = Pki.Intermediate.Pem, "trustedCA has 1 instead of 2 entries", null),
        ["trustSystemCA comes"] = (Trust, TrustSystem, null, "trustSystemCA is on"),
        ["skipValidation comes"] = (Trust, o => { Trust(o); Skip(o); }, null, "skipValidation is on: the server is not validated"),
        ["skipValidation comes and everything goes"] =
            (Trust, Skip, "trustedCA is gone", "skipValidation is on: the server is not validated"),
        ["skipValidation comes beside a certificate"] = (
            Identify,
            o => { Identify(o); Skip(o); },
            "certificate is no longer presented",
            "skipValidation is on: the server is not validated"),
        ["the certificate goes"] = (Identify, _ => { }, "certificate is gone", null),
        ["an intermediate goes"] = (Identify, o => o.Certificate = new CertificateOptions { Key = Pki.Client.KeyPem(), Crt = Pki.Client.ExportCertificatePem() }, "certificate.crt has 1 instead of 2 entries", null),
        ["pins go"] = (o => Pin(o, First), _ => { }, "pins is gone", "pins is gone"),
        ["a pin goes"] = (o => Pin(o, First, Second), o => Pin(o, First), "pins has 1 instead of 2 entries", null),
        ["a pin comes"] = (o => Pin(o, First), o => Pin(o, First, Second), null, "pins accepts more than before"),
        ["a pin becomes another"] = (o => Pin(o, First), o => Pin(o, Second), null, "pins accepts more than before"),
        ["names go"] = (o => Name(o, "a.example"), _ => { }, "subjectAltNames is gone", "subjectAltNames is gone"),
        ["a name goes"] = (o => Name(o, "a.example", "b.example"), o => Name(o, "a.example"), "subjectAltNames has 1 instead of 2 entries", null),
        ["a name comes"] = (o => Name(o, "a.example"), o => Name(o, "a.example", "b.example"), null, "subjectAltNames accepts more than before"),
        ["minversion sinks"] = (o => o.MinVersion = TlsVersion.Tls13, _ => { }, null, "minversion is 1.2 instead of 1.3"),
        ["a weak suite comes"] = (_ => { }, o => o.Ciphers = Typed.Suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"), null, "ciphers has suites that are only Weak"),
        ["recommended suites become secure ones"] = (o => o.Ciphers = Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), _ => { }, null, "ciphers has suites that are only Secure"),
        ["TLS 1.3 alone becomes TLS 1.2 with a weak suite"] =
            (o => o.MinVersion = TlsVersion.Tls13, o => o.Ciphers = Typed.Suites("TLS_RSA_WITH_AES_128_GCM_SHA256"), null, "minversion is 1.2 instead of 1.3|ciphers has suites that are only Weak"),
        ["mutual TLS is required no more"] = (
            o => (o.ClientCertificate, o.Extensions) =
                (Pki.Client, new OutboundTlsExtensionOptions { RequireMutualTls = true }),
            o => o.ClientCertificate = Pki.Client, null, "requireMutualTls is gone"),
        ["plain HTTP comes"] = (_ => { }, o => o.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true }, null, "allowPlainHttp is on: requests without TLS are sent"),
        ["nothing was validated"] = (o => { Trust(o); Skip(o); }, _ => { }, "trustedCA is gone", null),
    };

    private static readonly Dictionary<string, (Action<OutboundTlsOptions> Old, Action<OutboundTlsOptions> Next)> Gains = new(StringComparer.Ordinal)
    {
        ["a CA comes"] = (Trust, o => o.TrustedCA = Both),
        ["a CA becomes another"] = (Trust, o => o.TrustedCA = Pki.Foreign.Pem),
        ["one of two CAs becomes another"] =
            (o => o.TrustedCA = Both, o => o.TrustedCA = Pki.Root.Pem + "\n" + Pki.Intermediate.Pem),
        ["trustedCA comes"] = (_ => { }, Trust),
        ["trustSystemCA goes"] = (TrustSystem, Trust),
        ["skipValidation goes"] = (Skip, _ => { }
        ),
        ["a certificate comes"] = (_ => { }, Identify),
        ["a certificate becomes another"] = (Identify, o =>
        {
            var other = Pki.Intermediate.IssueClient("CN=other");
            o.Certificate = new CertificateOptions { Key = other.KeyPem(), Crt = other.ChainPem(Pki.Intermediate.Certificate) };
        }
        ),
        ["pins come"] = (_ => { }, o => Pin(o, First)),
        ["names come"] = (_ => { }, o => Name(o, "a.example")),
        ["minversion rises"] = (_ => { }, o => o.MinVersion = TlsVersion.Tls13),
        ["maxversion rises"] = (o => (o.MaxVersion, o.Ciphers) = (TlsVersion.Tls12, Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")), o => o.Ciphers = Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")),
        ["a weak suite goes"] = (o => o.Ciphers = Typed.Suites("TLS_RSA_WITH_AES_128_GCM_SHA256"), _ => { }
        ),
        ["a weak suite becomes another"] = (o => o.Ciphers = Typed.Suites("TLS_RSA_WITH_AES_128_GCM_SHA256"), o => o.Ciphers = Typed.Suites("TLS_RSA_WITH_AES_256_GCM_SHA384")),
        ["the order of CAs changes"] = (o => o.TrustedCA = Both, o => o.TrustedCA = Pki.Foreign.Pem + "\n" + Pki.Root.Pem),
        ["drainTimeout changes"] = (_ => { }, o => o.Extensions = new OutboundTlsExtensionOptions { DrainTimeout = TimeSpan.FromSeconds(1) }),
        ["alpn changes"] = (_ => { }, o => o.Alpn = ["http/1.1"]),
    };

    public static TheoryData<string> LossNames => [.. Losses.Keys];

    public static TheoryData<string> GainNames => [.. Gains.Keys];

    private static string Both => Pki.Root.Pem + "\n" + Pki.Foreign.Pem;

    [Theory]
    [MemberData(nameof(LossNames))]
    public void ALoss_IsNamed(string name)
    {
        var (old, next, takenAway, weaker) = Losses[name];

        var change = PolicyChange.Between(Policy(old), Policy(next));

        Assert.Equal(Words(takenAway), change.TakenAway);
        Assert.Equal(Words(weaker), change.Weaker);
        Assert.Equal(Words(weaker).Union(Words(takenAway)), change.Reasons);
    }

    [Theory]
    [MemberData(nameof(GainNames))]
    public void AGain_AndWhatIsNoLoss_NeedsNoReason(string name)
    {
        var (old, next) = Gains[name];

        Assert.Empty(PolicyChange.Between(Policy(old), Policy(next)).Reasons);
    }

    [Fact]
    public void EverySetting_IsJudged_OrCannotMakeAnUpstreamWeaker()
    {
        string[] judged =
        [
            nameof(OutboundTlsOptions.TrustedCA), nameof(OutboundTlsOptions.Certificate),
            nameof(OutboundTlsOptions.ClientCertificate), nameof(OutboundTlsOptions.ClientIntermediates),
            nameof(OutboundTlsOptions.TrustAnchors),
            nameof(OutboundTlsOptions.DangerousSkipValidation), nameof(OutboundTlsOptions.MinVersion),
            nameof(OutboundTlsOptions.Ciphers), nameof(OutboundTlsExtensionOptions.Pkcs12),
            nameof(OutboundTlsExtensionOptions.SubjectAltNames), nameof(OutboundTlsExtensionOptions.TrustSystemCA),
            nameof(OutboundTlsExtensionOptions.Pins), nameof(OutboundTlsExtensionOptions.DangerousAllowPlainHttp),
            nameof(OutboundTlsExtensionOptions.RequireMutualTls),
        ];
        string[] harmless =
        [
            nameof(OutboundTlsOptions.Alpn), nameof(OutboundTlsOptions.MaxVersion),
            nameof(OutboundTlsExtensionOptions.DrainTimeout), nameof(OutboundTlsExtensionOptions.KeyPassphrase),
            nameof(OutboundTlsExtensionOptions.ServerName),
        ];

        var settings = typeof(OutboundTlsOptions).GetProperties().Concat(typeof(OutboundTlsExtensionOptions).GetProperties())
            .Select(property => property.Name)
            .Except([nameof(OutboundTlsOptions.Extensions)]);

        Assert.Equal(judged.Concat(harmless).Order(StringComparer.Ordinal), settings.Order(StringComparer.Ordinal));
    }

    private static string[] Words(string? text) => text?.Split('|') ?? [];

    private static OutboundTlsPolicy Policy(Action<OutboundTlsOptions> configure)
    {
        var options = new OutboundTlsOptions();
        configure(options);
        return OutboundTlsPolicy.Create(options);
    }

    private static void Trust(OutboundTlsOptions options) => options.TrustedCA = Pki.Root.Pem;

    private static void TrustSystem(OutboundTlsOptions options)
    {
        Trust(options);
        options.Extensions = new OutboundTlsExtensionOptions { TrustSystemCA = true };
    }

    private static void Skip(OutboundTlsOptions options) => options.DangerousSkipValidation = true;

    private static void Identify(OutboundTlsOptions options) => options.Certificate = Pki.MutualTls().Certificate;

    private static void Pin(OutboundTlsOptions options, params string[] pins) =>
        options.Extensions = new OutboundTlsExtensionOptions { Pins = new PinsOptions { SpkiSha256 = [.. pins] } };

    private static void Name(OutboundTlsOptions options, params string[] names) =>
        options.Extensions = new OutboundTlsExtensionOptions { SubjectAltNames = [.. names.Select(name => new SubjectAltNameOptions { Type = "DNS", Value = name })] };
}
