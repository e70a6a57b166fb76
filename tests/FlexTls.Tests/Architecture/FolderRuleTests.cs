using FlexTls.Support;

namespace FlexTls.Architecture;

/// <summary>FlexTls reads from top to bottom.</summary>
public class FolderRuleTests() : FolderRules("src/FlexTls", ["Sources", "Upstreams", "Status", "Connections", "Clients"]);
