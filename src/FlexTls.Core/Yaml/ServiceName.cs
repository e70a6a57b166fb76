namespace FlexTls.Yaml;

/// <summary>Which Service a binding is for.</summary>
internal readonly record struct ServiceName(string Namespace, string Name);
