namespace FlexTls;

/// <summary>
/// A mapping as its author wrote it, in YAML or in a configuration. It is read by the names of its keys, in any letter
/// case. A value that cannot be read is reported, and counts as left out.
/// </summary>
internal interface IPolicySection
{
    Place Place { get; }

    /// <summary>The keys as they are written.</summary>
    IEnumerable<string> Keys { get; }

    /// <summary>Whether the key is present, whatever its value.</summary>
    bool Has(string key);

    Place PlaceOfKey(string key);

    /// <summary>
    /// The value of a key as one text; <see langword="null"/> if the key was left out or its value is not a text.
    /// </summary>
    PolicyValue? Scalar(string key);

    /// <summary>
    /// The mapping below a key; <see langword="null"/> if the key was left out or its value is not a mapping.
    /// </summary>
    IPolicySection? Section(string key);

    /// <summary>
    /// The texts below a key; <see langword="null"/> if the key was left out or its value is not a list of texts.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="nothingIsEmpty">Whether a key without a value is an empty list rather than a fault.</param>
    IReadOnlyList<PolicyValue>? List(string key, bool nothingIsEmpty = false);

    /// <summary>
    /// The mappings in the list below a key; <see langword="null"/> if the key was left out or its value is not such a
    /// list. A key without a value is an empty list.
    /// </summary>
    IReadOnlyList<IPolicySection>? Sections(string key);

    /// <summary>Reports every key that no reader has asked for.</summary>
    void RejectOthers();
}
