using System.Globalization;
using System.Text;
using Xunit;

namespace FlexTls.Validation.Fuzz;

/// <summary>What became of the cases.</summary>
internal sealed class FuzzTally
{
    /// <summary>What we refuse and the second reading does not, and why that is as it should be.</summary>
    private static readonly Dictionary<string, string> Stricter = new(StringComparer.Ordinal)
    {
        ["FTLS5002"] = "the platform takes no anchor for a root whose subject and issuer are the same name in two spellings; and, as for FTLS5003, an anchor may be an error",
        ["FTLS5003"] = "an anchor that the platform cannot decode is an error of the policy, and the case is judged without it",
        ["FTLS5004"] = "the platform counts the last second of a certificate as one too many; where all of a validity is that second, asking a second earlier does not help",
        ["FTLS5009"] = "where constraints have a form that we do not understand, the platform decides, and it takes common names for hosts",
        ["FTLS5024"] = "parts that only the platform decodes",
    };

    private readonly SortedDictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<int>> _refusedByUsAlone = new(StringComparer.Ordinal);
    private int _judged;
    private int _accepted;
    private int _reachedRules;

    /// <summary>How many were no certificates to the platform.</summary>
    public int Unloadable { get; set; }

    private int Cases => _judged + Unloadable;

    public void Add(int number, ServerCertificateValidationResult result, string? objection)
    {
        _judged++;
        _accepted += result.IsValid ? 1 : 0;
        var codes = result.Failures.Select(failure => failure.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        _reachedRules += codes is ["FTLS5024"] ? 0 : 1;
        foreach (var code in codes)
        {
            _codes[code] = _codes.GetValueOrDefault(code) + 1;
        }

        if (!result.IsValid && objection is null)
        {
            var key = string.Join('+', codes) + " " + result.Failures[0].Message;
            (_refusedByUsAlone.TryGetValue(key, out var numbers) ? numbers : _refusedByUsAlone[key] = []).Add(number);
        }
    }

    /// <summary>Cases that cannot be read, or of which none is good, would prove nothing; and a good one is refused for a known reason.</summary>
    public void AssertItIsWorthSomething()
    {
        Assert.True(_reachedRules * 2 >= Cases, ToString());
        Assert.True(_accepted * 10 >= Cases, ToString());
        Assert.True(_refusedByUsAlone.Values.Sum(numbers => numbers.Count) * 100 <= Cases, ToString());
        Assert.All(_refusedByUsAlone.Keys, key => Assert.All(key.Split(' ')[0].Split('+'), code => Assert.True(Stricter.ContainsKey(code), key)));
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"{Cases} cases: {_reachedRules * 100.0 / Cases:F1} % reached the rules, {_accepted * 100.0 / Cases:F1} % accepted, {Unloadable} no certificates to the platform\n");
        foreach (var (code, count) in _codes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{code}: {count}\n");
        }

        foreach (var (key, numbers) in _refusedByUsAlone)
        {
            text.Append(CultureInfo.InvariantCulture, $"refused, but not by the second reading: {key} ({numbers.Count}: {string.Join(", ", numbers.Take(5))})\n");
        }

        return text.ToString();
    }
}
