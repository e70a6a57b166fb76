using Microsoft.Extensions.Primitives;

namespace FlexTls.Pages;

/// <summary>A manager whose policies cannot be used.</summary>
internal sealed class UnusableManager(TlsPolicyDiagnostic[] faults) : IOutboundTlsManager
{
    public OutboundTlsStatus GetStatus() => throw new TlsPolicyException(faults);

    public IChangeToken GetReloadToken() => throw new TlsPolicyException(faults);

    public Task<IReadOnlyList<TlsPolicyDiagnostic>> ReloadAsync(CancellationToken cancellationToken = default) =>
        throw new TlsPolicyException(faults);
}
