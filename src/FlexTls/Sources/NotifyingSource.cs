using FlexTls.Secrets;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Sources;

/// <summary>A source that is no file: it reports itself that it may have changed.</summary>
internal abstract record NotifyingSource : PolicySource
{
    /// <summary>Its name among the files, secrets and sources that are watched.</summary>
    public abstract string Key { get; }

    /// <summary>The version of its content now, without that of the files and secrets that it refers to.</summary>
    public abstract ContentVersion Look();

    /// <summary>Fires when it may have changed.</summary>
    public abstract IChangeToken GetChangeToken();
}
