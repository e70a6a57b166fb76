using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Probes;

/// <summary>A program without a host, whose first requests come all at once and take every thread of the pool.</summary>
internal static class StarvedPool
{
    public static void Load(string policies)
    {
        using var services = new ServiceCollection()
            .AddOutboundTls(tls => tls.AddPolicyFile(policies)).BuildServiceProvider();
        var threads = Environment.ProcessorCount;
        if (!ThreadPool.SetMinThreads(threads, threads) || !ThreadPool.SetMaxThreads(threads, threads))
        {
            throw new InvalidOperationException("The pool cannot be limited.");
        }

        using var atOnce = new Barrier(threads);
        using var loaded = new CountdownEvent(threads);
        for (var i = 0; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                atOnce.SignalAndWait();
                services.GetRequiredService<IOutboundTlsManager>().GetStatus();
                loaded.Signal();
            }, null);
        }

        loaded.Wait();
        Console.WriteLine("loaded");
    }
}
