namespace FlexTls.Upstreams;

/// <summary>Makes connections to an upstream and keeps them, so it must know when the generation changes.</summary>
internal interface IGenerationUser
{
    /// <summary>Whether it speaks HTTP, so that the policy must have HTTP while it is a user.</summary>
    bool NeedsHttp { get; }

    /// <summary>
    /// Everything that starts from now on uses this generation. Called once at a time, and never for an older one.
    /// </summary>
    void Adopt(UpstreamGeneration generation);
}
