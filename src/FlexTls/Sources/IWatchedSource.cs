namespace FlexTls;

/// <summary>A source that is no file, watched by looking at its version.</summary>
internal interface IWatchedSource
{
    /// <summary>Its name among the files, secrets and sources that are watched.</summary>
    string Item { get; }

    /// <summary>The version of what it holds.</summary>
    ContentVersion Look();
}
