using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Certificates;

/// <summary>What is equal is loaded once, and is gone when nothing uses it any more.</summary>
public class SharedLoadsTests
{
    [Fact]
    public void TheSameText_GivesTheSameAnchorsAndIdentity()
    {
        var (one, other) = (OutboundTlsPolicy.Create(Pki.MutualTls()), OutboundTlsPolicy.Create(Pki.MutualTls()));

        Assert.Same(one.TrustAnchors, other.TrustAnchors);
        Assert.Same(one.ClientIdentity, other.ClientIdentity);
        Assert.Same(LoadedIdentity.Of(one.ClientIdentity!), LoadedIdentity.Of(other.ClientIdentity!));
    }

    [Fact]
    public void AnotherText_EvenOfTheSameCertificates_GivesOthers()
    {
        var options = Pki.MutualTls();
        options.TrustedCA += "\n";
        options.Certificate!.Key += "\n";
        var (one, other) = (OutboundTlsPolicy.Create(Pki.MutualTls()), OutboundTlsPolicy.Create(options));

        Assert.NotSame(one.TrustAnchors, other.TrustAnchors);
        Assert.NotSame(one.ClientIdentity, other.ClientIdentity);
        Assert.Equal(one.TrustAnchors, other.TrustAnchors);
    }

    [Fact]
    public void AKeyWithAnotherPassphrase_IsReadAgain()
    {
        var client = Pki.Root.IssueClient();
        var options = Pki.Trusting();
        options.Certificate = new CertificateOptions
        {
            Key = client.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
                "right", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000)),
            Crt = client.ExportCertificatePem(),
        };
        options.Extensions = new() { KeyPassphrase = "right" };
        Assert.NotNull(OutboundTlsPolicy.Create(options).ClientIdentity);

        options.Extensions.KeyPassphrase = "wrong";

        Assert.Throws<TlsPolicyException>(Create);

        void Create() => OutboundTlsPolicy.Create(options);
    }

    [Fact]
    public void WhatHasFindings_IsReadEachTime_BecauseFindingsNamePlaces()
    {
        var options = Pki.Trusting();
        options.TrustedCA += $"\n{options.TrustedCA}";
        var (one, other) = (OutboundTlsPolicy.Create(options), OutboundTlsPolicy.Create(options));

        Assert.All([one, other], policy => Assert.Equal(
            DiagnosticCodes.DuplicateTrustAnchor, Assert.Single(policy.Diagnostics).Code));
        Assert.NotSame(one.TrustAnchors, other.TrustAnchors);
    }

    [Fact]
    public void TheSameOffer_HasTheSameCipherSuitesPolicy_InAllContextsOfAFactory()
    {
        var factory = new TlsContextFactory();
        var options = Pki.Trusting();
        options.MinVersion = TlsVersion.Tls13;
        var contexts = new[] { Pki.Trusting(), Pki.MutualTls(), options }
            .Select(one => factory.Create(OutboundTlsPolicy.Create(one))).ToList();

        Assert.Same(contexts[0].CipherSuitesPolicy, contexts[1].CipherSuitesPolicy);
        Assert.NotSame(contexts[0].CipherSuitesPolicy, contexts[2].CipherSuitesPolicy);
    }

    [Fact]
    public void AfterARotation_NothingKeepsTheCertificates()
    {
        var weak = Load();

        for (var i = 0; i < 10 && weak.Any(one => one.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(weak, one => Assert.False(one.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Load()
    {
        var root = TestCA.Root("CN=Rotated");
        var client = root.IssueClient();
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions
        {
            TrustedCA = root.Pem,
            Certificate = new CertificateOptions { Key = client.KeyPem(), Crt = client.ExportCertificatePem() },
        });
        var identity = LoadedIdentity.Of(policy.ClientIdentity!);
        HeldSession.Keep(identity);
        return [new(policy.TrustAnchors), new(policy.ClientIdentity), new(identity), new(identity.Context)];
    }
}
