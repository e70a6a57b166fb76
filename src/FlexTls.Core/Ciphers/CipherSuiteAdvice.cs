using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>The advice of the gateway's cipher table about a suite.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CipherSuiteAdvice>))]
public enum CipherSuiteAdvice
{
    /// <summary>
    /// Not recommended: no forward secrecy, or CBC with SHA-1. A policy that lists it gets a warning.
    /// </summary>
    Weak,

    /// <summary>Sound.</summary>
    Secure,

    /// <summary>Sound, and the first choice.</summary>
    Recommended,
}
