namespace FlexTls;

/// <summary>What of a path is watched.</summary>
internal enum WatchedScope
{
    /// <summary>The content of the file that it names.</summary>
    File,

    /// <summary>The names in the folder that it names.</summary>
    Folder,

    /// <summary>The names in that folder and in all folders below it.</summary>
    Tree,
}
