namespace FlexTls;

/// <summary>An entry of <c>extensions.subjectAltNames</c> as its author wrote it, and where.</summary>
internal sealed record WrittenName(Place Place, PolicyValue? Type, PolicyValue? Value);
