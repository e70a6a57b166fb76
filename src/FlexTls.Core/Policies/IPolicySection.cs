using FlexTls.Diagnostics;
using FlexTls.Secrets;

namespace FlexTls.Policies;

/// <summary>
/// A mapping as somebody wrote it, in YAML or in a configuration: read by the names that it may hold, without regard to
/// letter case. What is there and cannot be read is reported, and counts as left out.
/// </summary>
internal interface IPolicySection
{
    Place Place { get; }

    /// <summary>Whether the key was written, whatever it holds.</summary>
    bool Has(string key);

    Place PlaceOfKey(string key);

    /// <summary>
    /// The value of a key as one text; <see langword="null"/> if it was left out or is something else.
    /// </summary>
    PolicyValue? Scalar(string key);

    /// <summary>The mapping below a key; <see langword="null"/> if it was left out or is something else.</summary>
    IPolicySection? Section(string key);

    /// <summary>The texts below a key; <see langword="null"/> if it was left out or is something else.</summary>
    /// <param name="key">The key.</param>
    /// <param name="nothingIsEmpty">Whether a key without a value is an empty list, and no fault.</param>
    IReadOnlyList<PolicyValue>? List(string key, bool nothingIsEmpty = false);

    /// <summary>
    /// The mappings in the list below a key; <see langword="null"/> if it was left out or is something else. A key
    /// without a value is an empty list.
    /// </summary>
    IReadOnlyList<IPolicySection>? Sections(string key);

    /// <summary>Reports every key that nobody asked for.</summary>
    void RejectOthers();
}
