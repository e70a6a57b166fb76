namespace FlexTls.Benchmarks;

/// <summary>A few handshakes of one client in a row: the wall time of each in microseconds, and what the client consumed for one on average.</summary>
internal sealed record Turn(double[] Walls, ConsumedResources PerHandshake);
