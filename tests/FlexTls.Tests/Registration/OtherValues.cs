using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq.Expressions;
using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Registration;

/// <summary>For every property a value that it does not have by itself, found by the property's type.</summary>
internal static class OtherValues
{
    /// <summary>The properties of a platform's type that a user can set.</summary>
    public static IReadOnlyList<PropertyInfo> SettableProperties(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod?.IsPublic == true)];

    /// <summary>A value that differs from <paramref name="current"/>. A property of a new type fails here, and must be added.</summary>
    public static object For(PropertyInfo property, object? current)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        object other = current switch
        {
            bool value => !value,
            int.MaxValue => 7,
            int value => value + 1,
            TimeSpan value => value == TimeSpan.FromSeconds(77) ? TimeSpan.FromSeconds(78) : TimeSpan.FromSeconds(77),
            DecompressionMethods => DecompressionMethods.Brotli,
            HttpKeepAlivePingPolicy => HttpKeepAlivePingPolicy.WithActiveRequests,
            SslProtocols => SslProtocols.Tls13,
#pragma warning disable SYSLIB0040 // That it is obsolete does not keep a user from setting it.
            EncryptionPolicy => EncryptionPolicy.AllowNoEncryption,
#pragma warning restore SYSLIB0040
            X509RevocationMode => X509RevocationMode.Online,
            _ => Object(type),
        };
        Assert.NotEqual(current, other);
        return other;
    }

    private static object Object(Type type) =>
        type == typeof(string) ? "other.example"
        : type == typeof(IWebProxy) ? new WebProxy("http://127.0.0.1:1")
        : type == typeof(ICredentials) ? new NetworkCredential("user", "word")
        : type == typeof(CookieContainer) ? new CookieContainer()
        : type == typeof(SslClientAuthenticationOptions) ? new SslClientAuthenticationOptions()
        : type == typeof(DistributedContextPropagator) ? DistributedContextPropagator.CreatePassThroughPropagator()
        : type == typeof(IMeterFactory) ? new OneMeterFactory()
        : type == typeof(List<SslApplicationProtocol>) ? new List<SslApplicationProtocol> { SslApplicationProtocol.Http11 }
        : type == typeof(X509ChainPolicy) ? new X509ChainPolicy()
        : type == typeof(X509CertificateCollection) ? new X509CertificateCollection { Pki.Client }
        : type == typeof(SslStreamCertificateContext) ? SslStreamCertificateContext.Create(Pki.Client, null, offline: true)
        // Of these two only the reference matters: no callback is called here, and not every platform has suites to choose.
        : type == typeof(CipherSuitesPolicy) ? RuntimeHelpers.GetUninitializedObject(type)
        : type.IsSubclassOf(typeof(Delegate)) ? Callback(type)
        : throw new NotSupportedException($"A value of type {type} is needed here.");

    private static Delegate Callback(Type type)
    {
        var signature = type.GetMethod("Invoke")!;
        return Expression.Lambda(type, Expression.Default(signature.ReturnType), signature.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType))).Compile();
    }

    private sealed class OneMeterFactory : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
