using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Options that the library of a database or a broker hands out, to be filled in.</summary>
public class ClientOptionsTests
{
    [Theory]
    [InlineData(null, "h2")]
    [InlineData("", "")]
    [InlineData("postgresql", "postgresql")]
    public async Task TheOptionsOfALibrary_GetThePolicy_AndKeepTheirAlpn(string? own, string expected)
    {
        var policy = Pki.MutualTls();
        (policy.MinVersion, policy.Alpn) = (TlsVersion.Tls13, ["h2"]);
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
        {
            Alpn = [new("postgresql"), SslApplicationProtocol.Http2],
            RequiresClientCertificate = true,
        });
        var options = new SslClientAuthenticationOptions
        {
            ApplicationProtocols = own is null ? null : own.Length == 0 ? [] : [new(own)],
            EnabledSslProtocols = SslProtocols.Tls12,
            RemoteCertificateValidationCallback = AcceptAll,
            LocalCertificateSelectionCallback = (_, _, _, _, _) => throw new InvalidOperationException("unused"),
            ClientCertificates = [Pki.EcServer],
            CertificateRevocationCheckMode = X509RevocationMode.Online,
            AllowRenegotiation = true,
        };

        Pki.Context(policy).ConfigureClientOptions(options, Pki.Host);
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));
        await stream.AuthenticateAsClientAsync(options, Deadline.Token());
        await stream.WriteAsync(new byte[1], Deadline.Token());

        var seen = await server.NextAsync(Deadline.Token());
        Assert.Equal((SslProtocols.Tls13, expected), (seen.Version, seen.Alpn));
        Assert.Equal((Pki.Host, Pki.Client.Subject), (seen.ServerName, seen.ClientCertificate));
    }

    [Fact]
    public async Task AnotherServer_IsRefused()
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer));
        var options = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = AcceptAll };
        Pki.Context(Pki.Trusting(Pki.Foreign)).ConfigureClientOptions(options, Pki.Host);
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));

        var refused = await Assert.ThrowsAnyAsync<AuthenticationException>(
            () => stream.AuthenticateAsClientAsync(options, Deadline.Token()));

        Assert.Equal("FTLS5003", ForeignHandshake.RefusalIn(refused).Code);
    }

    /// <summary>Of all that a library may have set, only its application protocols stay, on a later runtime too.</summary>
    [Fact]
    public void EverySwitch_IsThePolicys()
    {
        var context = Pki.Context(Pki.Trusting());
        var (ours, theirs) = (context.CreateClientOptions(Pki.Host), new SslClientAuthenticationOptions());
        var switches = typeof(SslClientAuthenticationOptions).GetProperties()
            .Where(property => property.PropertyType == typeof(bool) && property.CanWrite).ToList();
        foreach (var property in switches)
        {
            property.SetValue(theirs, !(bool)property.GetValue(ours)!);
        }

        context.ConfigureClientOptions(theirs, Pki.Host);

        Assert.NotEmpty(switches);
        Assert.All(switches, property => Assert.Equal(
            (property.Name, property.GetValue(ours)), (property.Name, property.GetValue(theirs))));
    }

    [Fact]
    public void Arguments_AreChecked()
    {
        var context = Pki.Context(Pki.Trusting());

        Assert.Throws<ArgumentNullException>(() => context.ConfigureClientOptions(null!, Pki.Host));
        Assert.ThrowsAny<ArgumentException>(
            () => context.ConfigureClientOptions(new SslClientAuthenticationOptions(), ""));
    }

    private static bool AcceptAll(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        sender is not null;
}
