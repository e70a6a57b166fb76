namespace FlexTls.Support;

/// <summary>Circles of a graph: its strongly connected parts of more than one node, found as Tarjan does.</summary>
internal sealed class Circles
{
    private readonly Func<string, IEnumerable<string>> _next;
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<string, int> _lowest = [];
    private readonly Stack<string> _path = [];
    private readonly List<IReadOnlyList<string>> _found = [];

    private Circles(Func<string, IEnumerable<string>> next) => _next = next;

    /// <summary>The circles of a graph.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> In(
        IEnumerable<string> nodes, Func<string, IEnumerable<string>> next)
    {
        var circles = new Circles(next);
        foreach (var node in nodes)
        {
            circles.Visit(node);
        }

        return circles._found;
    }

    private void Visit(string node)
    {
        if (!_numbers.TryAdd(node, _numbers.Count))
        {
            return;
        }

        _lowest[node] = _numbers[node];
        _path.Push(node);
        foreach (var next in _next(node))
        {
            Visit(next);
            if (_path.Contains(next))
            {
                _lowest[node] = Math.Min(_lowest[node], _lowest[next]);
            }
        }

        if (_lowest[node] == _numbers[node])
        {
            List<string> part = [];
            do
            {
                part.Add(_path.Pop());
            }
            while (part[^1] != node);

            if (part.Count > 1)
            {
                _found.Add(part);
            }
        }
    }
}
