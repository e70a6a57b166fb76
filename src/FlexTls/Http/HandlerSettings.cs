using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Copies the settings of a user's handler, all except those of TLS, which the policy decides. Reflection finds them,
/// so that the settings of a newer runtime are copied too.
/// </summary>
internal static class HandlerSettings
{
    private static readonly ConditionalWeakTable<SocketsHttpHandler, WeakReference<Upstream>> CookieOwners = [];

    // Where a type is named in place, the trimmer keeps its properties.
    private static readonly PropertyInfo[] OfHandler =
    [
        .. typeof(SocketsHttpHandler).GetProperties().Where(property => property.SetMethod?.IsPublic == true
            && property.Name is not (nameof(SocketsHttpHandler.SslOptions) or nameof(
                SocketsHttpHandler.ConnectCallback))),
    ];

    private static readonly PropertyInfo[] OfTls =
        [.. typeof(SslClientAuthenticationOptions).GetProperties().Where(
            property => property.SetMethod?.IsPublic == true)];

    /// <summary>A handler with all settings of another except TLS and the connect callback.</summary>
    public static SocketsHttpHandler Copy(SocketsHttpHandler settings)
    {
        var copy = new SocketsHttpHandler();
        foreach (var property in OfHandler)
        {
            property.SetValue(copy, property.GetValue(settings));
        }

        foreach (var (key, value) in settings.Properties)
        {
            copy.Properties[key] = value;
        }

        return copy;
    }

    /// <summary>
    /// A copy for the handlers of an upstream. Only the first upstream that the settings are used for shares their
    /// cookies. Every other upstream has another identity, and starts without cookies.
    /// </summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="settings">The user's handler.</param>
    /// <param name="before">The upstream that it replaces for its client, which keeps the cookies.</param>
    public static SocketsHttpHandler CopyFor(
        Upstream upstream, SocketsHttpHandler settings, Upstream? before = null)
    {
        var copy = Copy(settings);
        if (copy.UseCookies && !OwnsCookies(upstream, settings, before))
        {
            copy.CookieContainer = new CookieContainer();
        }

        return copy;
    }

    /// <summary>
    /// The names of the TLS settings that the user made on the handler: the policy would silently override them.
    /// </summary>
    public static IReadOnlyList<string> TlsSettings(SocketsHttpHandler settings)
    {
        var defaults = new SslClientAuthenticationOptions();
        return
        [
            .. OfTls.Where(property => IsSet(property.GetValue(settings.SslOptions), property.GetValue(defaults)))
                .Select(property => $"SslOptions.{property.Name}"),
        ];
    }

    /// <summary>Whether the upstream was the first to use the settings. Later ones never inherit its cookies.</summary>
    private static bool OwnsCookies(Upstream upstream, SocketsHttpHandler settings, Upstream? before)
    {
        var first = CookieOwners.GetValue(settings, _ => new WeakReference<Upstream>(upstream));
        if (!first.TryGetTarget(out var owner))
        {
            return false;
        }

        if (owner == before)
        {
            first.SetTarget(upstream);
        }

        return owner == upstream || owner == before;
    }

    private static bool IsSet(object? value, object? byDefault) =>
        !Equals(value, byDefault) && value is not X509CertificateCollection { Count: 0 };
}
