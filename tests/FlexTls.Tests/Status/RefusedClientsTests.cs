using Xunit;

namespace FlexTls.Status;

/// <summary>The names of clients may come from callers.</summary>
public class RefusedClientsTests
{
    [Fact]
    public void RefusedClients_AreBounded()
    {
        var refused = new RefusedClients(TimeProvider.System);
        var fault = new TlsPolicyDiagnostic("FTLS7007", TlsPolicyDiagnosticSeverity.Error, "no HTTP.", null, 0, 0);

        for (var i = 0; i < 1_000; i++)
        {
            refused.Note($"client {i}", [fault with { Message = $"client {i}: no HTTP." }]);
        }

        Assert.Equal(100, refused.Combined!.Faults.Count);
        refused.Note("client 0", []);
        Assert.Equal(99, refused.Combined!.Faults.Count);
    }
}
