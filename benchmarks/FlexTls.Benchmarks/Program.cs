using BenchmarkDotNet.Running;
using FlexTls.Benchmarks;

// "handshake [rounds]" compares handshakes pair by pair; everything else is for BenchmarkDotNet.
if (args is ["handshake", .. var rest] && OperatingSystem.IsLinux())
{
    await PairedHandshakes.RunAsync(rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 200);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(PairedHandshakes).Assembly).Run(args);
}
