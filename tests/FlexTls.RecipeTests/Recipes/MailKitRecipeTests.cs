using FlexTls.Support;
using MailKit.Net.Imap;
using MailKit.Security;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>docs/recipes/mailkit.md, with Dovecot, which logs the common name of a client's certificate.</summary>
public sealed class MailKitRecipeTests(DovecotServer server) : IClassFixture<DovecotServer>
{
    [Fact]
    public async Task Logins_AreThoseOfTheClientCertificate_AndAfterARotationOfTheNewOne()
    {
        server.Require();
        await using var upstreams = new Upstreams("mail", "alpn: []");

        await LogInAsync(upstreams, "first");
        await upstreams.RotateAsync("CN=second");
        await LogInAsync(upstreams, "second");
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        server.Require();
        await using var upstreams = new Upstreams("mail", "alpn: []");
        using var client = new ImapClient();

        Refusals.AssertUntrusted(await Assert.ThrowsAsync<TlsHandshakeException>(
            () => ConnectAsync(client, upstreams.Contexts, Upstreams.Mistrustful)));
    }

    private async Task LogInAsync(Upstreams upstreams, string subject)
    {
        var ct = Deadline.Token();
        var mark = server.Log.Mark();
        using var client = new ImapClient();
        await ConnectAsync(client, upstreams.Contexts, "mail");

        Assert.True(client.IsSecure);

        // Dovecot replaces the name of the login by the certificate's, and asks for no password.
        await client.AuthenticateAsync("anybody", "password", ct);
        await client.Inbox.OpenAsync(MailKit.FolderAccess.ReadOnly, ct);

        await server.Log.WaitAsync(mark, log => log.Contains($"Login: user=<{subject}>", StringComparison.Ordinal), ct);
        await client.DisconnectAsync(quit: true, ct);
    }

    private async Task ConnectAsync(ImapClient client, IOutboundTlsContextProvider contexts, string name)
    {
        var (host, port, ct) = (RecipeServer.Host, server.Port, Deadline.Token());

        // <snippet>
        var stream = await contexts.GetContext(name).ConnectAsync(host, port, ct);
        await client.ConnectAsync(stream, host, port, SecureSocketOptions.None, ct);
        // </snippet>
    }
}
