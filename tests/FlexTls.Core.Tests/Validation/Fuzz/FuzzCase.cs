using System.Security.Cryptography;
using System.Text;

namespace FlexTls.Validation.Fuzz;

/// <summary>What a server presents, whom the policy trusts, and which host is asked for.</summary>
internal sealed record FuzzCase(FuzzHost Host, byte[] Server, IReadOnlyList<byte[]> Sent, IReadOnlyList<byte[]> Anchors)
{
    /// <summary>When every case is judged: within a second, so that whole seconds and clocks differ.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 6, 15, 12, 0, 0, 250, TimeSpan.Zero);

    public string Pem()
    {
        var text = new StringBuilder($"host {Host.Asked} at {Now:O}\n");
        foreach (var (role, certificate) in Sent.Select(sent => ("sent", sent)).Prepend(("server", Server)).Concat(Anchors.Select(anchor => ("trusted", anchor))))
        {
            text.AppendLine(role).AppendLine(PemEncoding.WriteString("CERTIFICATE", certificate));
        }

        return text.ToString();
    }
}
