namespace FlexTls.Watching;

/// <summary>How far the watch on a folder reaches, from the narrowest.</summary>
internal enum FolderReach
{
    /// <summary>
    /// The folder alone. Somebody else's: a path merely leads through it, and all that lies below may be much.
    /// </summary>
    Names,

    /// <summary>The folder; it may take in the folders below, if some of them are watched too.</summary>
    Home,

    /// <summary>The folder and all folders below.</summary>
    Tree,
}
