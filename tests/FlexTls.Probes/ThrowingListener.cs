using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Probes;

/// <summary>A program with a listener to activities that is not ready when the first source comes.</summary>
internal static class ThrowingListener
{
    public static void Load(string policies)
    {
        var isReady = false;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source =>
            {
                if (source.Name == "FlexTls" && !isReady)
                {
                    isReady = true;
                    throw new InvalidOperationException("Not ready.");
                }

                return false;
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var services = new ServiceCollection()
            .AddOutboundTls(tls => tls.AddPolicyFile(policies)).BuildServiceProvider();
        services.GetRequiredService<IOutboundTlsManager>().GetStatus();
        Console.WriteLine("loaded");
    }
}
