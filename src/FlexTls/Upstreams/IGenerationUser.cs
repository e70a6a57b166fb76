namespace FlexTls.Upstreams;

/// <summary>Makes connections to an upstream and keeps them, so it must know when the generation changes.</summary>
internal interface IGenerationUser
{
    /// <summary>Everything that starts from now on uses this generation. Called once at a time, and never for an older one.</summary>
    void Adopt(UpstreamGeneration generation);
}
