using System.Xml;
using System.Xml.Linq;

namespace FlexTls.Pages;

/// <summary>A page, which is also well-formed XML: a value that breaks out of its place shows in the tree.</summary>
internal sealed class Page
{
    public Page(string markup)
    {
        Markup = markup;
        using var reader = XmlReader.Create(
            new StringReader(markup), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        Tree = XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    public string Markup { get; }

    public XDocument Tree { get; }

    /// <summary>All text, with spaces between elements.</summary>
    public string Text => string.Join(' ', Tree.DescendantNodes().OfType<XText>().Select(text => text.Value));

    /// <summary>The names in the table, from top to bottom.</summary>
    public IEnumerable<string> Upstreams => WithClass("name").Select(name => name.Value);

    /// <summary>The words of the badges.</summary>
    public IEnumerable<string> Badges => WithClass("badge").Select(badge => badge.Value);

    public IEnumerable<XElement> All(string element) => Tree.Descendants(element);

    /// <summary>The text of the cells of a column.</summary>
    public IEnumerable<string> Cells(string column) => All("td")
        .Where(cell => cell.Attribute("data-column")?.Value == column)
        .Select(cell => string.Join(' ', cell.DescendantNodes().OfType<XText>().Select(text => text.Value)));

    private IEnumerable<XElement> WithClass(string name) => Tree.Descendants()
        .Where(element => element.Attribute("class")?.Value.Split(' ').Contains(name) == true);
}
