namespace FlexTls;

/// <summary>Makes and keeps connections to an upstream, so it must learn when the generation changes.</summary>
internal interface IGenerationUser
{
    /// <summary>How the status shows it; <see langword="null"/>: it does not.</summary>
    UpstreamTlsUser? Shown => null;

    /// <summary>Whether it speaks HTTP: then the policy must allow HTTP as long as this is a user.</summary>
    bool NeedsHttp { get; }

    /// <summary>
    /// Uses this generation for everything that starts from now on. Calls never overlap, and never go back to an older
    /// generation.
    /// </summary>
    void Adopt(UpstreamGeneration generation);
}
