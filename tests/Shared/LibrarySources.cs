using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlexTls.Support;

/// <summary>The sources of a library as the compiler understands them: which file uses which.</summary>
internal sealed class LibrarySources
{
    // What every project of the solution has without writing it (ImplicitUsings).
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    // A source generator makes the other half of the method, which is part of no file.
    private const string HalfMethod = "CS8795";

    private static readonly ConcurrentDictionary<string, Lazy<LibrarySources>> Known = [];

    // Read once for all libraries.
    private static readonly Lazy<PortableExecutableReference[]> Platform = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file)),
    ]);

    // Words that look like names and have no meaning of their own.
    private static readonly string[] Keywords = ["nameof", "notnull", "unmanaged", "_"];

    private readonly Dictionary<string, HashSet<string>> _uses = [];
    private readonly List<string> _errors = [];
    private readonly Lock _compiling = new();

    private LibrarySources(string library)
    {
        Name = library;
        Files = [.. RepositoryFiles.Find(library, "*.cs")];
        Trees = [.. Files.Select(file => CSharpSyntaxTree.ParseText(RepositoryFiles.Read(file), path: file))];
    }

    /// <summary>The library's folder.</summary>
    public string Name { get; }

    /// <summary>The files, with paths from the root of the repository.</summary>
    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>What the compiler did not understand, so that what the files use is not known in full.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            Compile();
            return _errors;
        }
    }

    /// <summary>The sources in a library's folder, which are read once.</summary>
    public static LibrarySources Of(string library) =>
        Known.GetOrAdd(library, _ => new Lazy<LibrarySources>(() => new LibrarySources(library))).Value;

    /// <summary>The other files whose types, members and extension methods a file uses, named or not.</summary>
    public IReadOnlySet<string> UsedBy(string file)
    {
        Compile();
        return _uses[file];
    }

    /// <summary>The types that a file declares outside other types.</summary>
    public static IEnumerable<string> TypesIn(SyntaxTree tree) =>
        tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node => node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.Text,
                DelegateDeclarationSyntax type => type.Identifier.Text,
                _ => null,
            }).OfType<string>();

    /// <summary>Takes much longer than reading the files, so it waits until somebody asks.</summary>
    private void Compile()
    {
        lock (_compiling)
        {
            if (_uses.Count > 0)
            {
                return;
            }

            var compilation = CSharpCompilation.Create(
                Path.GetFileName(Name), [.. Trees, CSharpSyntaxTree.ParseText(ImplicitUsings)], References(Name),
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
            _errors.AddRange(compilation.GetDeclarationDiagnostics()
                .Where(found => found.Severity == DiagnosticSeverity.Error && found.Id != HalfMethod)
                .Select(found => found.ToString()));
            foreach (var tree in Trees)
            {
                _uses[tree.FilePath] = UsedBy(compilation.GetSemanticModel(tree));
            }
        }
    }

    private HashSet<string> UsedBy(SemanticModel model)
    {
        var used = new HashSet<string>();
        foreach (var node in model.SyntaxTree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>())
        {
            var (found, type) = (model.GetSymbolInfo(node), model.GetTypeInfo(node).Type);

            // A group of methods is several.
            var symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
            used.UnionWith([.. FilesOf(symbol), .. FilesOf(type)]);
            if (node is SimpleNameSyntax name && symbol is null && type is null or IErrorTypeSymbol
                && !Keywords.Contains(name.Identifier.Text))
            {
                _errors.Add($"{node.GetLocation().GetLineSpan()}: {node} means nothing here");
            }
        }

        used.RemoveWhere(file => file.Length == 0 || file == model.SyntaxTree.FilePath);
        return used;
    }

    private static IEnumerable<string> FilesOf(ISymbol? symbol)
    {
        var type = symbol switch
        {
            IArrayTypeSymbol array => array.ElementType,
            ITypeSymbol itself => itself,
            not null => symbol.ContainingType,
            _ => null,
        };
        return type?.OriginalDefinition.DeclaringSyntaxReferences
            .Select(declared => declared.SyntaxTree.FilePath) ?? [];
    }

    /// <summary>What the tests run on is what the library is compiled against, but for the library itself.</summary>
    private static IEnumerable<MetadataReference> References(string library) =>
        Platform.Value.Where(file => Path.GetFileNameWithoutExtension(file.FilePath) != Path.GetFileName(library));
}
