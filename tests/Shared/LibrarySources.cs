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

    private readonly Dictionary<string, HashSet<string>> _uses = [];

    private LibrarySources(string library)
    {
        Files = [.. RepositoryFiles.Find(library, "*.cs")];
        Trees = [.. Files.Select(file => CSharpSyntaxTree.ParseText(RepositoryFiles.Read(file), path: file))];
        var compilation = CSharpCompilation.Create(
            Path.GetFileName(library), [.. Trees, CSharpSyntaxTree.ParseText(ImplicitUsings)], References(library),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Errors = [.. compilation.GetDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error && found.Id != HalfMethod)
            .Select(found => found.ToString())];
        foreach (var tree in Trees)
        {
            _uses[tree.FilePath] = UsedBy(compilation.GetSemanticModel(tree));
        }
    }

    /// <summary>The files, with paths from the root of the repository.</summary>
    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>What the compiler did not understand, so that what the files use is not known in full.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>The sources in a library's folder, which are read once.</summary>
    public static LibrarySources Of(string library) =>
        Known.GetOrAdd(library, _ => new Lazy<LibrarySources>(() => new LibrarySources(library))).Value;

    /// <summary>The other files whose types, members and extension methods a file uses, named or not.</summary>
    public IReadOnlySet<string> UsedBy(string file) => _uses[file];

    /// <summary>The types that a file declares outside other types.</summary>
    public static IEnumerable<string> TypesIn(SyntaxTree tree) =>
        tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node => node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.Text,
                DelegateDeclarationSyntax type => type.Identifier.Text,
                _ => null,
            }).OfType<string>();

    private static HashSet<string> UsedBy(SemanticModel model)
    {
        var symbols = model.SyntaxTree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>()
            .SelectMany(node => (ISymbol?[])[model.GetSymbolInfo(node).Symbol, model.GetTypeInfo(node).Type]);
        return [.. symbols.SelectMany(FilesOf).Where(file => file.Length > 0 && file != model.SyntaxTree.FilePath)];
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
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileNameWithoutExtension(file) != Path.GetFileName(library))
            .Select(file => MetadataReference.CreateFromFile(file));
}
