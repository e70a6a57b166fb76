namespace FlexTls.Yaml;

/// <summary>Identifies the Service of a binding.</summary>
internal readonly record struct ServiceName(string Namespace, string Name);
