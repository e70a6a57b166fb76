namespace FlexTls;

/// <summary>A PolicyBinding of <c>tls-outbound</c>: assigns a policy to a Service.</summary>
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

    /// <summary><c>metadata.namespace</c>; <c>default</c> if it was left out.</summary>
    public string Namespace { get; }

    /// <summary>The name of the Service that the policy is for.</summary>
    public string TargetName { get; }

    /// <summary>The namespace of that Service; the binding's own if it was left out.</summary>
    public string TargetNamespace { get; }

    internal ServiceName Target => new(TargetNamespace, TargetName);

    /// <summary>The policy.</summary>
    public OutboundTlsPolicy Policy { get; }

    /// <summary>The file that contains the binding, or <see langword="null"/> if the text has no name.</summary>
    public string? FileName { get; }

    /// <summary>The line of the file on which the binding's document begins, counted from 1.</summary>
    public int Line { get; }

    /// <summary>A short description of the target and the policy.</summary>
    /// <returns>One line, without certificates and keys.</returns>
    public override string ToString() => $"{TargetNamespace}/{TargetName}: {Policy}";
}
