namespace FlexTls.Benchmarks;

/// <summary>A few operations of one client in a row: the wall time of each in microseconds, and what the client consumed for one on average.</summary>
internal sealed record Turn(double[] Walls, ConsumedResources PerOperation);
