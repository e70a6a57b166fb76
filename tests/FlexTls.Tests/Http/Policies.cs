using FlexTls.Support;

namespace FlexTls.Http;

/// <summary>Policies with a list of application protocols, written <c>h2,http/1.1</c>; empty: no ALPN.</summary>
internal static class Policies
{
    public static OutboundTlsOptions With(string alpn, OutboundTlsOptions? options = null)
    {
        options ??= Pki.Trusting();
        options.Alpn = alpn.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return options;
    }
}
