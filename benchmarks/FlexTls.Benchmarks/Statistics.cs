namespace FlexTls.Benchmarks;

/// <summary>Medians, and how sure the ratio of two of them is.</summary>
internal static class Statistics
{
    private const int Resamples = 1000;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    public static double MedianWall(IEnumerable<Turn> turns) => Median(turns.SelectMany(turn => turn.Walls));

    /// <summary>
    /// The 95 % confidence interval of the ratio of two median wall times, by the bootstrap: whole turns are drawn
    /// again with replacement, the same for both, because what disturbed one turn disturbed its neighbors too.
    /// </summary>
    public static (double Low, double High) RatioInterval(List<Turn> numerator, List<Turn> denominator)
    {
        var random = new Random(1);
        var ratios = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            int[] drawn = [.. numerator.Select(_ => random.Next(numerator.Count))];
            ratios[i] = MedianWall(drawn.Select(turn => numerator[turn])) / MedianWall(drawn.Select(turn => denominator[turn]));
        }

        Array.Sort(ratios);
        return (ratios[(int)(Resamples * 0.025)], ratios[(int)(Resamples * 0.975)]);
    }
}
