using FlexTls.Yaml;

namespace FlexTls;

/// <summary>A PolicyBinding of <c>tls-outbound</c>: which policy holds for which Service.</summary>
public sealed class TlsPolicyBinding
{
    internal TlsPolicyBinding(
        string name, string @namespace, string targetName, string targetNamespace, OutboundTlsPolicy policy,
        string? fileName, int line)
    {
        Name = name;
        Namespace = @namespace;
        TargetName = targetName;
        TargetNamespace = targetNamespace;
        Policy = policy;
        FileName = fileName;
        Line = line;
    }

    /// <summary><c>metadata.name</c>.</summary>
    public string Name { get; }

    /// <summary><c>metadata.namespace</c>; <c>default</c> where it was left out.</summary>
    public string Namespace { get; }

    /// <summary>The name of the Service that the policy holds for.</summary>
    public string TargetName { get; }

    /// <summary>The namespace of that Service; the binding's own where it was left out.</summary>
    public string TargetNamespace { get; }

    internal ServiceName Target => new(TargetNamespace, TargetName);

    /// <summary>The policy.</summary>
    public OutboundTlsPolicy Policy { get; }

    /// <summary>The file that the binding stands in, or <see langword="null"/> where the text has no name.</summary>
    public string? FileName { get; }

    /// <summary>The line of the file on which the binding's document begins, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The target and the policy in a few words.</summary>
    /// <returns>One line, without certificates and keys.</returns>
    public override string ToString() => $"{TargetNamespace}/{TargetName}: {Policy}";
}
