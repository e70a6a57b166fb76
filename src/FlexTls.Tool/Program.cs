namespace FlexTls;

internal static class Program
{
    private static Task<int> Main(string[] args) => FlexTlsCommand.RunAsync(args, Terminal.OfProcess());
}
