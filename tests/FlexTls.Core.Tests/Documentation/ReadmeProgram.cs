using System.Net;
using FlexTls;

namespace Readme;

/// <summary>The program that README.md shows: what stands between the marks, with the using directives above.</summary>
internal static class ReadmeProgram
{
    public static async Task RunAsync(string[] args)
    {
        // <readme>
        var policies = TlsPolicyFile.Load(args[0]);
        var binding = policies.Find("orders") ?? throw new InvalidOperationException("No policy for orders.");
        using var context = new TlsContextFactory().Create(binding.Policy, "orders");
        Console.WriteLine(context.Effective);

        var upstream = new Uri(args[1]);
        await using var stream = await context.ConnectAsync(new DnsEndPoint(upstream.IdnHost, upstream.Port));
        Console.WriteLine($"{stream.SslProtocol} {stream.NegotiatedCipherSuite}");
        // </readme>
    }
}
