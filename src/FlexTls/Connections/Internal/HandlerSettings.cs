using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Connections;

/// <summary>The settings of a user's handler: all are kept, but those of TLS are the policy's.</summary>
internal static class HandlerSettings
{
    /// <summary>A handler with all settings of another but TLS and the connect callback.</summary>
    public static SocketsHttpHandler Copy(SocketsHttpHandler settings)
    {
        var copy = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = settings.ActivityHeadersPropagator,
            AllowAutoRedirect = settings.AllowAutoRedirect,
            AutomaticDecompression = settings.AutomaticDecompression,
            ConnectTimeout = settings.ConnectTimeout,
            CookieContainer = settings.CookieContainer,
            Credentials = settings.Credentials,
            DefaultProxyCredentials = settings.DefaultProxyCredentials,
            EnableMultipleHttp2Connections = settings.EnableMultipleHttp2Connections,
            EnableMultipleHttp3Connections = settings.EnableMultipleHttp3Connections,
            Expect100ContinueTimeout = settings.Expect100ContinueTimeout,
            InitialHttp2StreamWindowSize = settings.InitialHttp2StreamWindowSize,
            KeepAlivePingDelay = settings.KeepAlivePingDelay,
            KeepAlivePingPolicy = settings.KeepAlivePingPolicy,
            KeepAlivePingTimeout = settings.KeepAlivePingTimeout,
            MaxAutomaticRedirections = settings.MaxAutomaticRedirections,
            MaxConnectionsPerServer = settings.MaxConnectionsPerServer,
            MaxResponseDrainSize = settings.MaxResponseDrainSize,
            MaxResponseHeadersLength = settings.MaxResponseHeadersLength,
            MeterFactory = settings.MeterFactory,
            PlaintextStreamFilter = settings.PlaintextStreamFilter,
            PooledConnectionIdleTimeout = settings.PooledConnectionIdleTimeout,
            PooledConnectionLifetime = settings.PooledConnectionLifetime,
            PreAuthenticate = settings.PreAuthenticate,
            Proxy = settings.Proxy,
            RequestHeaderEncodingSelector = settings.RequestHeaderEncodingSelector,
            ResponseDrainTimeout = settings.ResponseDrainTimeout,
            ResponseHeaderEncodingSelector = settings.ResponseHeaderEncodingSelector,
            UseCookies = settings.UseCookies,
            UseProxy = settings.UseProxy,
        };
        foreach (var (key, value) in settings.Properties)
        {
            copy.Properties[key] = value;
        }

        return copy;
    }

    /// <summary>The TLS settings that a user put on the handler himself, by name: the policy's would silently take their place.</summary>
    public static IReadOnlyList<string> TlsSettings(SocketsHttpHandler settings)
    {
        var options = settings.SslOptions;
        var defaults = new SslClientAuthenticationOptions();
        return
        [
            .. Set(nameof(options.AllowRenegotiation), options.AllowRenegotiation != defaults.AllowRenegotiation),
            .. Set(nameof(options.AllowRsaPkcs1Padding), options.AllowRsaPkcs1Padding != defaults.AllowRsaPkcs1Padding),
            .. Set(nameof(options.AllowRsaPssPadding), options.AllowRsaPssPadding != defaults.AllowRsaPssPadding),
            .. Set(nameof(options.AllowTlsResume), options.AllowTlsResume != defaults.AllowTlsResume),
            .. Set(nameof(options.ApplicationProtocols), options.ApplicationProtocols is not null),
            .. Set(nameof(options.CertificateChainPolicy), options.CertificateChainPolicy is not null),
            .. Set(nameof(options.CertificateRevocationCheckMode), options.CertificateRevocationCheckMode != X509RevocationMode.NoCheck),
            .. Set(nameof(options.CipherSuitesPolicy), options.CipherSuitesPolicy is not null),
            .. Set(nameof(options.ClientCertificateContext), options.ClientCertificateContext is not null),
            .. Set(nameof(options.ClientCertificates), options.ClientCertificates is { Count: > 0 }),
            .. Set(nameof(options.EnabledSslProtocols), options.EnabledSslProtocols != SslProtocols.None),
            .. Set(nameof(options.EncryptionPolicy), options.EncryptionPolicy != defaults.EncryptionPolicy),
            .. Set(nameof(options.LocalCertificateSelectionCallback), options.LocalCertificateSelectionCallback is not null),
            .. Set(nameof(options.RemoteCertificateValidationCallback), options.RemoteCertificateValidationCallback is not null),
            .. Set(nameof(options.TargetHost), options.TargetHost is not null),
        ];
    }

    private static IEnumerable<string> Set(string name, bool isSet) => isSet ? [$"SslOptions.{name}"] : [];
}
