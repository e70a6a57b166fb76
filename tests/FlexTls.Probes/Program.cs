using FlexTls.Probes;

// What tests measure or provoke in a process of its own, because it would disturb them, or they it.
switch (args)
{
    case ["starved", var policies]:
        StarvedPool.Load(policies);
        break;
    case ["burst", var policies]:
        await BurstOfRequests.LoadAsync(Path.Combine(Path.GetDirectoryName(policies)!, "ca.pem"));
        break;
    case ["listener", var policies]:
        ThrowingListener.Load(policies);
        break;
    default:
        await Allocations.MeasureAsync(args);
        break;
}
