using Xunit.v3;

// Most tests wait, for files to settle and for servers to answer, and keep no core busy meanwhile.
[assembly: Parallelization(MaxThreads = 6)]
