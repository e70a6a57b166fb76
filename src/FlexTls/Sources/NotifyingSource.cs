using FlexTls.Secrets;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Sources;

/// <summary>A source other than a file, which itself reports that it may have changed.</summary>
internal abstract record NotifyingSource : PolicySource
{
    /// <summary>Its name among the files, secrets and sources that are watched.</summary>
    public abstract string Key { get; }

    /// <summary>The present version of its own content, without the files and secrets that it refers to.</summary>
    public abstract ContentVersion Look();

    /// <summary>Fires when it may have changed.</summary>
    public abstract IChangeToken GetChangeToken();
}
