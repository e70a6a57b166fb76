using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary><c>requireMutualTls</c>: the server must get the client certificate.</summary>
public sealed class RequiredMutualTlsTests : SessionTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls13, false)]
    public async Task AServer_IsAccepted_IfItAsksForTheCertificate(SslProtocols version, bool asks)
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
        {
            Versions = version,
            AsksForClientCertificate = asks,
        });
        var context = Pki.Context(Options(Pki.MutualTls()));

        for (var i = 0; i < 2; i++)
        {
            var failed = await Record.ExceptionAsync(async () =>
            {
                await using var stream = i == 0
                    ? await context.ConnectAsync(server.EndPoint(), Deadline.Token())
                    : await context.AuthenticateAsClientAsync(
                        await Loopback.ConnectAsync(server.Port, Deadline.Token()), "localhost",
                        cancellationToken: Deadline.Token());
            });

            Assert.Equal(
                asks ? null : DiagnosticCodes.NotMutual, failed is null ? null : ((TlsHandshakeException)failed).Code);
            var seen = await server.NextAsync(Deadline.Token());
            Assert.Equal(asks ? Pki.Client.Subject : null, seen.ClientCertificate);
        }
    }

    [Theory]
    [InlineData("-verify")]
    [InlineData("-Verify")]
    public async Task Sessions_AreNotResumed_BecauseOtherCodeMayHaveMadeThem(string verify)
    {
        await using var server = await StartAsync(Issue(), verify);

        var context = Pki.Context(Options(Own()));

        Assert.False(context.Effective.ResumesSessions);
        Assert.Equal("full, full, full", await ConnectAsync(context, server, 3));
    }

    [Theory]
    [InlineData("-tls1_2", "rsa_pss_rsae_sha256:RSA+SHA256")]
    [InlineData("-tls1_3", "rsa_pss_rsae_sha256")]
    public async Task AServerThatAcceptsNoSignatureOfTheKey_IsRefused(string version, string signatures)
    {
        using var certificate = Issue(KeyKind.Rsa2048);
        await using var server = await StartAsync(certificate, "-verify", version, "-client_sigalgs", signatures);

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(
            () => ConnectAsync(Pki.Context(Options(Own())), server, 1));

        Assert.Equal(DiagnosticCodes.NotMutual, failed.Code);
    }

    [Fact]
    public async Task PaddedRecords_AreNotTakenForACertificate()
    {
        const string Variable = "FLEXTLS_PADDED";
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            await AServer_IsAccepted_IfItAsksForTheCertificate(SslProtocols.Tls13, asks: false);
            await AServer_IsAccepted_IfItAsksForTheCertificate(SslProtocols.Tls13, asks: true);
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only OpenSSL is configured by a file.");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                """
                openssl_conf = main
                [main]
                ssl_conf = ssl
                [ssl]
                system_default = all
                [all]
                RecordPadding = 512

                """,
                Deadline.Token());
            await ChildProcess.RunAsync(
                typeof(RequiredMutualTlsTests), nameof(PaddedRecords_AreNotTakenForACertificate),
                ("OPENSSL_CONF", file), (Variable, "1"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void OptionsForOtherCode_AreRefused()
    {
        var context = Pki.Context(Options(Pki.MutualTls()));

        var refused = Assert.Throws<TlsHandshakeException>(() => context.CreateClientOptions("localhost"));

        Assert.Equal(DiagnosticCodes.MutualNotVerifiable, refused.Code);
    }

    [Fact]
    public void WithoutAClientCertificate_ItIsAnError()
    {
        var none = Assert.Throws<TlsPolicyException>(() => OutboundTlsPolicy.Create(Options(Pki.Trusting())));
        var skipping = Pki.MutualTls();
        (skipping.DangerousSkipValidation, skipping.TrustedCA) = (true, null);
        var skipped = Assert.Throws<TlsPolicyException>(() => OutboundTlsPolicy.Create(Options(skipping)));

        Assert.Equal(DiagnosticCodes.NothingToPresent, Assert.Single(none.Diagnostics).Code);
        Assert.Contains(
            "Extensions.RequireMutualTls", Assert.Single(none.Diagnostics).Message, StringComparison.Ordinal);
        Assert.Contains(skipped.Diagnostics, found => found.Code == DiagnosticCodes.NothingToPresent);
    }

    [Fact]
    public void APolicyThatRequiresIt_IsAnotherPolicy() => Assert.NotEqual(
        OutboundTlsPolicy.Create(Pki.MutualTls()), OutboundTlsPolicy.Create(Options(Pki.MutualTls())));

    private OutboundTlsOptions Own()
    {
        var options = Trusting();
        options.ClientCertificate = Pki.Root.IssueClient();
        return options;
    }

    private static OutboundTlsOptions Options(OutboundTlsOptions options)
    {
        options.Extensions ??= new OutboundTlsExtensionOptions();
        options.Extensions.RequireMutualTls = true;
        return options;
    }
}
