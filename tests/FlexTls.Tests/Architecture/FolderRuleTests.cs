using FlexTls.Support;

namespace FlexTls.Architecture;

/// <summary>FlexTls reads from top to bottom.</summary>
public class FolderRuleTests() : FolderRules("src/FlexTls", ["Watching", "Sources", "Upstreams", "Reloading", "Status", "Http", "Registration"]);
