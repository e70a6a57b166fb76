namespace FlexTls.Validation.Fuzz;

internal static class RandomExtensions
{
    public static T Pick<T>(this Random random, IReadOnlyList<T> pool) => pool[random.Next(pool.Count)];

    public static List<T> Several<T>(this Random random, IReadOnlyList<T> pool, int least, int most) =>
        [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => random.Pick(pool))];

    public static bool OneIn(this Random random, int count) => random.Next(count) == 0;
}
