namespace FlexTls;

/// <summary>How far the watch on a folder reaches, from the narrowest.</summary>
internal enum FolderReach
{
    /// <summary>The folder alone: a path merely leads through it, and the tree below may be large.</summary>
    Names,

    /// <summary>The folder; its watch may include the folders below, if some of them are watched too.</summary>
    Home,

    /// <summary>The folder and all folders below.</summary>
    Tree,
}
