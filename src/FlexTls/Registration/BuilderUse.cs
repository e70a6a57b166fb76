namespace FlexTls;

/// <summary>
/// Tells whose handlers a builder builds. The platform's factory sets a client's name, runs its actions, and builds.
/// Filters may change the name, as for log categories, run other clients' actions, and build what others build around;
/// a program may use one builder for one client after the other.
/// </summary>
internal sealed class BuilderUse
{
    private readonly List<string> _configured = [];
    private string? _name;
    private string? _nameSinceBuilt;
    private bool _isBuilt;

    /// <summary>The builder gets a name.</summary>
    public void Named(string name)
    {
        if (_isBuilt)
        {
            _nameSinceBuilt ??= name;
        }
        else
        {
            _name ??= name;
        }
    }

    /// <summary>The actions of a client run.</summary>
    public void Configured(string client)
    {
        // Without a new name, it goes on for the same client.
        if (_isBuilt && (_nameSinceBuilt is not null || _name is null))
        {
            BeginAnew();
        }

        _configured.Add(client);
    }

    /// <summary>It builds.</summary>
    /// <returns>The client, and then those whose actions ran; empty: nothing is known.</returns>
    public IReadOnlyList<string> Built()
    {
        // After actions, a new name alone is a filter's.
        if (_isBuilt && _nameSinceBuilt is not null && _configured.Count == 0)
        {
            BeginAnew();
        }

        (_isBuilt, _nameSinceBuilt) = (true, null);
        return _name is not null ? [_name, .. _configured] : [.. _configured];
    }

    private void BeginAnew()
    {
        (_name, _nameSinceBuilt, _isBuilt) = (_nameSinceBuilt, null, false);
        _configured.Clear();
    }
}
