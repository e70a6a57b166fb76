#pragma warning disable CA1416 // Only called where PlatformCapabilities says that a connection can choose its suites.
using System.Net.Security;

namespace FlexTls;

/// <summary>
/// The only place that creates the platform's cipher suites policy, whose constructor throws on Windows.
/// </summary>
internal static class CipherSuitesPolicies
{
    public static CipherSuitesPolicy Create(IEnumerable<TlsCipherSuite> suites) => new(suites);
}
