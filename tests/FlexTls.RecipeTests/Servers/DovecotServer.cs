using FlexTls.Interop;

namespace FlexTls.Recipes;

/// <summary>Dovecot, whose users are the common names of their certificates, and which logs them.</summary>
public sealed class DovecotServer : RecipeServer
{
    private protected override string Program => "dovecot";

    // Its log says that it starts before the port is open.
    internal override ServerCommand Command() =>
        Unprivileged(ServerProcess.Find(Program)!, "-F", "-c", PathOf("dovecot.conf"));

    private protected override async Task PrepareAsync(CancellationToken ct)
    {
        var (user, group) = Environment.IsPrivilegedProcess ? (Nobody, NoGroup) : await CurrentAsync(ct);
        Write("dovecot.conf", $$"""
            base_dir = {{PathOf("run")}}
            state_dir = {{PathOf("state")}}
            log_path = /dev/stderr
            protocols = imap
            listen = 127.0.0.1
            default_internal_user = {{user}}
            default_internal_group = {{group}}
            default_login_user = {{user}}
            mail_location = maildir:{{PathOf("mail")}}/%u
            ssl = required
            ssl_cert = <{{PathOf("server.pem")}}
            ssl_key = <{{PathOf("server.key")}}
            ssl_ca = <{{PathOf("root.pem")}}
            ssl_require_crl = no
            ssl_verify_client_cert = yes
            auth_ssl_require_client_cert = yes
            auth_ssl_username_from_cert = yes
            passdb {
              driver = static
              args = nopassword=y
            }
            userdb {
              driver = static
              args = uid={{user}} gid={{group}} home={{PathOf("mail")}}/%u
            }
            service anvil {
              chroot =
            }
            service imap-login {
              chroot =
              inet_listener imap {
                port = 0
              }
              inet_listener imaps {
                port = {{Port}}
                ssl = yes
              }
            }

            """);
        await GiveAwayAsync(ct);
    }

    private static async Task<(string User, string Group)> CurrentAsync(CancellationToken ct) => (
        await ServerProcess.OutputAsync(new ServerCommand("id", "-un"), ct),
        await ServerProcess.OutputAsync(new ServerCommand("id", "-gn"), ct));
}
