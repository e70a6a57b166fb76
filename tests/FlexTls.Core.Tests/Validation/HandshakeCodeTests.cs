using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>
/// Every code of a refused certificate comes out of a handshake with a server that presents one, with little for the
/// caller and everything for the log.
/// </summary>
public class HandshakeCodeTests
{
    private const string Secret = "CN=secret-of-the-upstream";
    private static readonly TestCA ForeignIntermediate = Pki.Foreign.Intermediate("CN=Foreign Intermediate");
    private static readonly TestCA NoCA = Pki.Root.Intermediate("CN=No CA", new AuthorityOptions { Extensions = [new X509BasicConstraintsExtension(false, false, 0, true)] });
    private static readonly TestCA Constrained = Pki.Root.Intermediate("CN=Constrained", new AuthorityOptions { Extensions = [Constraints([Dns("billing.example")], [])] });
    private static readonly TestCA ManyConstraints = Pki.Root.Intermediate("CN=Many", new AuthorityOptions { Extensions = [Constraints([], [.. Enumerable.Range(0, 530).Select(i => Dns($"x{i}.test"))])] });
    private static readonly TestCA RsaRoot = TestCA.Root("CN=RSA Root", KeyKind.Rsa2048);

    private static readonly Dictionary<string, Func<Case>> Presented = new()
    {
        [DiagnosticCodes.UntrustedRoot] = () => new(Issue(new(), ForeignIntermediate)) { Sent = [ForeignIntermediate.Certificate] },
        [DiagnosticCodes.IncompleteChain] = () => new(Issue(new(), ForeignIntermediate)),
        [DiagnosticCodes.Expired] = () => new(Issue(new() { NotAfter = DateTimeOffset.UtcNow.AddMinutes(-5) })),
        [DiagnosticCodes.NotYetValid] = () => new(Issue(new() { NotBefore = DateTimeOffset.UtcNow.AddMinutes(5) })),
        [DiagnosticCodes.NoServerAuthUsage] = () => new(Issue(new() { Usages = [CertificateRequestOptions.ClientAuth] })),
        [DiagnosticCodes.BadSignature] = () => new(CertificateParts.WithDamagedSignature(Issue(new()))),
        [DiagnosticCodes.BadBasicConstraints] = () => new(Issue(new(), NoCA)) { Sent = [NoCA.Certificate] },
        [DiagnosticCodes.NameConstraints] = () => new(Issue(new(), Constrained)) { Sent = [Constrained.Certificate] },
        [DiagnosticCodes.UnknownCriticalExtension] = () => new(Issue(new() { Extensions = [new X509Extension("1.3.6.1.4.1.55555.1", [5, 0], true)] })),
        [DiagnosticCodes.ChainRefused] = TooLong,
        [DiagnosticCodes.WeakServerKey] = () => new(Issue(new() { Key = KeyKind.Rsa1024 })),
        [DiagnosticCodes.UnsupportedServerKey] = () => UnderKeyOfKind("1.2.643.7.1.1.1.1"),
        [DiagnosticCodes.WeakSignature] = () => new(Issue(new() { BrokenHash = HashAlgorithmName.SHA1 }, RsaRoot)) { Options = Pki.Trusting(RsaRoot) },
        [DiagnosticCodes.WrongKeyUsage] = () => new(Issue(new() { Extensions = [new X509KeyUsageExtension(X509KeyUsageFlags.NonRepudiation, true)] })),
        [DiagnosticCodes.NoPinnedKey] = () => new(Issue(new())) { Options = Extended(new() { Pins = new PinsOptions { SpkiSha256 = [Convert.ToBase64String(new byte[32])] } }) },
        [DiagnosticCodes.WrongForm] = OldCA,
        [DiagnosticCodes.NoSubjectAlternativeName] = () => new(Issue(new() { Without = [CertificateExtension.SubjectAltName] })),
        [DiagnosticCodes.NameMismatch] = () => new(Issue(new() { DnsNames = ["billing.example"] })),
        [DiagnosticCodes.AddressAsDnsName] = () => new(Issue(new() { DnsNames = ["127.0.0.1"] })) { Host = "127.0.0.1" },
        [DiagnosticCodes.WildcardTooWide] = () => new(Issue(new() { DnsNames = ["*.internal"] })) { Host = "orders.internal" },
        [DiagnosticCodes.UnreadableCertificate] = () => new(Issue(new() { Extensions = [AlternativeNames(Dns($"{Pki.Host}\0.evil.example"))] })),
        [DiagnosticCodes.CommonNameOnly] = () => new(Pki.Root.Issue($"CN={Pki.Host}", new())),
        [DiagnosticCodes.NoExpectedName] = () => new(Issue(new())) { Options = Extended(new() { SubjectAltNames = [new() { Type = "URI", Value = "spiffe://example.org/orders" }] }) },
        [DiagnosticCodes.TooMuchToVerify] = TooMuch,
        [DiagnosticCodes.OtherIssuerCertificate] = UnderRenewedCA,
        [DiagnosticCodes.MoreNamesThanCompared] = () => new(ManyConstraints.Issue(Secret, new() { DnsNames = [Pki.Host, .. Enumerable.Range(0, 2_000).Select(i => $"n{i}.example")] })) { Sent = [ManyConstraints.Certificate] },
        [DiagnosticCodes.ServerKeyNotOnPlatform] = () => UnderKeyOfKind("2.16.840.1.101.3.4.3.17"),
    };

    /// <summary>
    /// What no server can present: without a certificate there are anonymous suites only, which are never offered. And
    /// what depends on the system's CAs, of which <see cref="SystemUsageTests"/> have other ones.
    /// </summary>
    private static readonly string[] NotPresented =
    [
        DiagnosticCodes.NoServerCertificate, DiagnosticCodes.ExplicitPolicy,
        .. PlatformKeys.HasMLDsa ? (string[])[DiagnosticCodes.ServerKeyNotOnPlatform] : [],
    ];

    public static TheoryData<string> Codes => [.. Presented.Keys.Except(NotPresented)];

    [Fact]
    public void EveryCode_IsPresented_OrCannotBe()
    {
        var all = typeof(DiagnosticCodes).GetFields().Select(field => field.GetValue(null)).OfType<string>().Where(code => code.StartsWith("FTLS5", StringComparison.Ordinal));

        Assert.Equal(all.Order(), Presented.Keys.Union(NotPresented).Order());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task AServer_IsRefusedWithTheCode_AndTheCallerLearnsNoNames(string code)
    {
        ExternalTool.RequireOpenSsl();
        var presented = Presented[code]();
        var context = Pki.Context(presented.Options, "orders");
        await using var server = await OpenSslServer.StartAsync(presented.Certificate.ChainPem(presented.Sent), presented.KeyPem ?? presented.Certificate.KeyPem(), null,
            ["-cipher", "ALL:@SECLEVEL=0"], Deadline.Token());

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), presented.Host, cancellationToken: Deadline.Token()));

        Assert.True(refused.Code == code, $"expected {code}: {refused.ServerCertificate}{refused.Message}");
        Assert.Equal("orders", refused.Upstream);
        var failure = refused.ServerCertificate!.Failures[0];
        var more = refused.ServerCertificate.Failures.Count > 1 ? $" (and {refused.ServerCertificate.Failures.Count - 1} more reason" : "";
        Assert.StartsWith($"{code}: TLS to upstream 'orders' ({presented.Host}): the server's certificate is refused: {failure.Reason}{more}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CN=", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        AssertWholeVerdict(refused.ServerCertificate, presented.Certificate, code);
        Assert.NotEqual("", (await server.NextAsync(Deadline.Token())).Text);

        // The same verdict without a handshake.
        Assert.Equal(refused.ServerCertificate.Codes(), context.ValidateServerCertificate(presented.Certificate, [.. presented.Sent], presented.Host).Codes());
    }

    [Fact]
    public void NoCertificateAtAll_IsRefused()
    {
        var validator = ServerCertificateValidator.ForUpstream(OutboundTlsPolicy.Create(Pki.Trusting()), owner: null, TimeProvider.System);

        Assert.Equal(DiagnosticCodes.NoServerCertificate, PresentedCertificate.Judge(validator, null, null, HostName.Parse(Pki.Host)).Codes());
    }

    [Theory]
    [InlineData(CertificateExtension.CertificatePolicies)]
    [InlineData(CertificateExtension.PolicyMappings)]
    [InlineData(CertificateExtension.PolicyConstraints)]
    [InlineData(CertificateExtension.InhibitAnyPolicy)]
    public async Task WhatThePlatformCannotRead_IsARefusalToo(string extension)
    {
        // It may throw while it builds the chain of the handshake, before anyone is asked.
        var server = Issue(new() { Extensions = [new X509Extension(extension, [1, 2], false)] });

        var refused = await Verdict.IsRefusedInAHandshake(DiagnosticCodes.UnreadableCertificate, Pki.Trusting(), server);

        Assert.False(refused.ServerCertificate!.IsValid);
        Assert.Contains(DiagnosticCodes.UnreadableCertificate, Verdict.Of([Pki.Root.Certificate], server).Codes(), StringComparison.Ordinal);
    }

    private static void AssertWholeVerdict(ServerCertificateValidationResult verdict, X509Certificate2 server, string code)
    {
        var text = verdict.ToString();
        Assert.StartsWith(
            $"refused:{Environment.NewLine}{code}: {verdict.Failures[0].Message}", text, StringComparison.Ordinal);
        Assert.All(verdict.Failures, failure =>
        {
            Assert.Contains(failure.Expected is null ? "" : $" Expected: {failure.Expected}.", text, StringComparison.Ordinal);
            Assert.Contains(failure.Presented is null ? "" : $" Presented: {failure.Presented}.", text, StringComparison.Ordinal);
        });
        Assert.True(verdict.Path.Count > 0 || code is DiagnosticCodes.UnreadableCertificate or DiagnosticCodes.MoreNamesThanCompared, text);
        if (verdict.Path.Count > 0)
        {
            Assert.Contains($"server '{server.Subject}' (serial {server.SerialNumber}, SHA-256 {server.GetCertHashString(HashAlgorithmName.SHA256)})", text, StringComparison.Ordinal);
        }
    }

    private static Case TooLong()
    {
        var authorities = new List<TestCA> { Pki.Root };
        for (var i = 0; i < PathFinder.Depth; i++)
        {
            authorities.Add(authorities[^1].Intermediate($"CN=Level {i}"));
        }

        return new(Issue(new(), authorities[^1])) { Sent = [.. authorities.Skip(1).Select(authority => authority.Certificate)] };
    }

    /// <summary>A long certificate under many CAs of one name, none of which signed it or was signed by the root.</summary>
    private static Case TooMuch()
    {
        using var impostor = TestCA.Root(Pki.Root.Certificate.Subject);
        using var issuer = impostor.Intermediate("CN=One of many");
        var large = new X509Extension("1.3.6.1.4.1.55555.1", RandomNumberGenerator.GetBytes(56 * 1024), critical: false);
        return new(Issue(new() { Extensions = [large] }, issuer)) { Sent = [.. Enumerable.Range(0, 64).Select(_ => impostor.Intermediate("CN=One of many").Certificate)] };
    }

    private static Case OldCA()
    {
        var intermediate = Pki.Root.Intermediate("CN=Old CA");
        return new(Issue(new(), intermediate)) { Sent = [(CertificateParts.Of(intermediate.Certificate) with { Version = default }).SignedBy(Pki.Root)] };
    }

    /// <summary>A CA whose key the platform cannot read, so that its signature does not matter.</summary>
    private static Case UnderKeyOfKind(string kind)
    {
        var authority = Pki.Root.IssueAuthorityFor("CN=Of another kind", kind, RandomNumberGenerator.GetBytes(1312));
        return new(new ForgedSignature("1.2.840.10045.4.3.2", new byte[64]).Issue(authority, Secret, AlternativeNames(Dns(Pki.Host)))) { Sent = [authority] };
    }

    private static Case UnderRenewedCA()
    {
        using var old = Pki.Root.Intermediate("CN=Renewed");
        var ofOld = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(old.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: true);
        return new(Issue(new() { Extensions = [ofOld] }, old)) { Sent = [Pki.Root.CrossSign(old).Certificate] };
    }

    private static OutboundTlsOptions Extended(OutboundTlsExtensionOptions extensions)
    {
        var options = Pki.Trusting();
        options.Extensions = extensions;
        return options;
    }

    private static X509Certificate2 Issue(CertificateRequestOptions options, TestCA? authority = null) =>
        (authority ?? Pki.Root).Issue(Secret, options.DnsNames.Count > 0 ? options : options with { DnsNames = [Pki.Host] });

    private sealed record Case(X509Certificate2 Certificate)
    {
        public OutboundTlsOptions Options { get; init; } = Pki.Trusting();

        public X509Certificate2[] Sent { get; init; } = [];

        public string Host { get; init; } = Pki.Host;

        /// <summary>The key of a certificate that the platform cannot hold one for.</summary>
        public string? KeyPem { get; init; }
    }
}
