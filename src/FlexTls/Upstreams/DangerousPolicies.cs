namespace FlexTls;

/// <summary>Refuses weakenings of security if <see cref="OutboundTlsBuilder.ForbidDangerous"/> was called.</summary>
internal sealed class DangerousPolicies(OutboundTlsRegistration registered)
{
    /// <exception cref="TlsPolicyException">The policy is forbidden.</exception>
    public void Check(RegisteredPolicy policy)
    {
        var diagnostics = new DiagnosticList();
        if (policy.Policy.DangerousSkipValidation)
        {
            Forbid(policy.Place, $"{policy.Source} has skipValidation: true",
                "let it validate, with a trustedCA where it needs one.", diagnostics);
        }

        if (policy.Policy.DangerousAllowPlainHttp)
        {
            Forbid(policy.Place, $"{policy.Source} has allowPlainHttp: true", "use https://.", diagnostics);
        }

        if (diagnostics.HasErrors)
        {
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }
    }

    /// <summary>Reports the clients that code has weakened.</summary>
    public void CheckClients(DiagnosticList diagnostics)
    {
        foreach (var client in registered.PlainHttpClients)
        {
            Forbid(new Place(client), $"client '{client}' may make plain requests (DangerousAllowPlainHttp)",
                "use https://.", diagnostics);
        }

        foreach (var client in registered.Replacements.Keys)
        {
            Forbid(new Place(client), $"the handler of client '{client}' is replaced", "replacing is for tests.",
                diagnostics);
        }
    }

    private void Forbid(Place place, string what, string fix, DiagnosticList diagnostics)
    {
        if (registered.ForbidsDangerous)
        {
            diagnostics.Error(DiagnosticCodes.DangerousForbidden, place,
                $"{what}, and ForbidDangerous() was called; {fix}");
        }
    }
}
