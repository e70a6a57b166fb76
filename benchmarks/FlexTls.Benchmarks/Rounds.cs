namespace FlexTls.Benchmarks;

/// <summary>How clients take turns.</summary>
internal static class Rounds
{
    /// <summary>Forth and back in every round, so that a drift weighs on all alike.</summary>
    public static async Task PlayAsync<TClient>(IReadOnlyList<Contender<TClient>> contenders, int rounds, Func<TClient, Task<Turn>> takeTurn)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders.Concat(contenders.Reverse()))
            {
                contender.Turns.Add(await takeTurn(contender.Client));
            }
        }
    }
}
