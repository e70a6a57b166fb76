namespace FlexTls;

/// <summary>A Service that policy files describe.</summary>
public sealed class UpstreamService
{
    internal UpstreamService(string name, string @namespace, Uri address, string? fileName, int line)
    {
        Name = name;
        Namespace = @namespace;
        Address = address;
        FileName = fileName;
        Line = line;
    }

    /// <summary>The name; <c>&lt;apiInstance&gt;-&lt;key&gt;</c> for a service inside an ApiInstance.</summary>
    public string Name { get; }

    /// <summary>The namespace; <c>default</c> if it was left out.</summary>
    public string Namespace { get; }

    /// <summary>Scheme (<c>http</c>, <c>https</c> or <c>h2</c>), host and port.</summary>
    public Uri Address { get; }

    /// <summary>Whether the address requires TLS.</summary>
    public bool IsTls => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>The file that contains the service, or <see langword="null"/> if the text has no name.</summary>
    public string? FileName { get; }

    /// <summary>The line of the file on which the service begins, counted from 1.</summary>
    public int Line { get; }
}
