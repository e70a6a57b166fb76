using System.Runtime.InteropServices;

namespace FlexTls.Benchmarks;

/// <summary>Processor time and allocated memory, of a thread or of the process. Linux only.</summary>
internal readonly partial record struct ConsumedResources(double Microseconds, long Bytes)
{
    // <time.h>
    private const int ProcessClock = 2;
    private const int ThreadClock = 3;

    public static ConsumedResources OfProcess() => new(Read(ProcessClock), GC.GetTotalAllocatedBytes(precise: true));

    public static ConsumedResources OfCurrentThread() => new(Read(ThreadClock), GC.GetAllocatedBytesForCurrentThread());

    public static ConsumedResources operator -(ConsumedResources left, ConsumedResources right) =>
        new(left.Microseconds - right.Microseconds, left.Bytes - right.Bytes);

    public static ConsumedResources operator /(ConsumedResources left, int count) => new(left.Microseconds / count, left.Bytes / count);

    private static double Read(int clock)
    {
        _ = ClockGetTime(clock, out var time);
        return (time.Seconds * 1e6) + (time.Nanoseconds / 1e3);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
