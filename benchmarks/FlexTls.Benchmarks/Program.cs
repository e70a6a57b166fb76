using System.Globalization;
using BenchmarkDotNet.Running;
using FlexTls.Benchmarks;

// Comparisons pair by pair, in a process or with processes of their own; everything else is for BenchmarkDotNet.
if (OperatingSystem.IsLinux())
{
    switch (args)
    {
        case ["handshake", .. var rest]:
            await PerformancePage.WriteAsync("handshake", PairedHandshakes.RunAsync, Rounds(rest, 200));
            return;
        case ["connect", .. var rest]:
            await PerformancePage.WriteAsync("connect", PairedConnects.RunAsync, Rounds(rest, 100));
            return;
        case ["validation", .. var rest]:
            await PerformancePage.WriteAsync("validation", PairedValidations.RunAsync, Rounds(rest, 100));
            return;
        case ["http", .. var rest]:
            await PerformancePage.WriteAsync("http", PairedRequests.RunAsync, Rounds(rest, 100));
            return;
        case ["start", .. var rest]:
            await PerformancePage.WriteAsync("start", HostStarts.RunAsync, Rounds(rest, 5));
            return;
        case ["check", .. var rest]:
            await PolicyChecks.RunAsync(Rounds(rest, 5));
            return;
        case [PolicyChecks.Argument, var what]:
            await PolicyChecks.RunOnceAsync(what);
            return;
        case ["rotation", .. var rest]:
            await Rotations.RunAsync(Rounds(rest, 20));
            return;
        case [HttpServer.Argument, var version]:
            await HttpServer.RunAsync(Enum.Parse<System.Security.Authentication.SslProtocols>(version));
            return;
        case [HostStart.Argument, .. var rest]:
            await HostStart.RunAsync(rest);
            return;
        default:
            break;
    }
}

BenchmarkSwitcher.FromAssembly(typeof(PairedHandshakes).Assembly).Run(args);

static int Rounds(string[] rest, int otherwise) => rest is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : otherwise;
