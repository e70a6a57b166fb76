using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Architecture;

/// <summary>The internal types of FlexTls.Core that FlexTls uses are a list with reasons.</summary>
public class SharedInternalsTests
{
    [Fact]
    public void Page_ListsTheInternalTypesThatFlexTlsUses()
    {
        var core = typeof(OutboundTlsContext).Assembly;
        using var library = new PEReader(File.OpenRead(typeof(OutboundTlsHandler).Assembly.Location));
        var reader = library.GetMetadataReader();
        var used = reader.TypeReferences.Select(reader.GetTypeReference)
            .Select(type => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}")
            .Where(name => core.GetType(name) is { IsVisible: false })
            .Select(name => name[(name.LastIndexOf('.') + 1)..].Split('`')[0]);
        var listed = MarkdownTable.Rows("docs/adr/0007-shared-internals.md", "`")
            .SelectMany(row => row[0].Split(", ")).Select(name => name.Trim('`'));
        Assert.Equal(Sorted(listed), Sorted(used));
    }

    private static string Sorted(IEnumerable<string> names) => string.Join('\n', names.Order(StringComparer.Ordinal));
}
