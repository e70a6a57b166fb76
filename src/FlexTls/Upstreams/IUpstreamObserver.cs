namespace FlexTls;

/// <summary>Observes every upstream that is put to use.</summary>
internal interface IUpstreamObserver
{
    /// <summary>The upstream is in use from now on; its first generation is in force.</summary>
    void Add(Upstream upstream);
}
