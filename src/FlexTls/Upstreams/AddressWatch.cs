namespace FlexTls;

/// <summary>Detects, once, that requests of an upstream's clients go to another address than its Service's.</summary>
internal sealed class AddressWatch
{
    private int _hasTold;

    /// <summary>
    /// Whether a request is the first that goes neither to the Service nor to the client's own base address. Allocates
    /// nothing.
    /// </summary>
    /// <param name="service">The addresses of the Service; empty: unknown.</param>
    /// <param name="baseAddress">The client's; <see langword="null"/>: unknown.</param>
    /// <param name="requested">The address of the request.</param>
    public bool IsNews(IReadOnlyList<Uri> service, Uri? baseAddress, Uri requested) =>
        service.Count > 0 && Volatile.Read(ref _hasTold) == 0 && !Matches(service, requested)
        && (baseAddress is null || !IsSame(baseAddress, requested)) && Interlocked.Exchange(ref _hasTold, 1) == 0;

    /// <summary>Whether an address is one of the Service's.</summary>
    public static bool Matches(IReadOnlyList<Uri> service, Uri address)
    {
        for (var i = 0; i < service.Count; i++)
        {
            if (IsSame(service[i], address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Host and port; a plain-text Service address without a port says nothing about the TLS port.</summary>
    private static bool IsSame(Uri known, Uri address) =>
        string.Equals(known.AsciiHost(), address.AsciiHost(), StringComparison.OrdinalIgnoreCase)
        && (known.Port == address.Port || (known.IsDefaultPort && known.Scheme != Uri.UriSchemeHttps));
}
