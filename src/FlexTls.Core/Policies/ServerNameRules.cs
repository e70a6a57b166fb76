namespace FlexTls;

/// <summary>
/// <c>extensions.serverName</c>: the name that is sent and verified instead of the host of the connection.
/// </summary>
internal static class ServerNameRules
{
    /// <summary>
    /// The name in the form that certificates use; <see langword="null"/> for the host, and after an error.
    /// </summary>
    public static HostName? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.ServerName is not { } value)
        {
            return null;
        }

        if (HostName.TryParse(value.Text) is { Address: null } name)
        {
            return name with { Origin = value.Origin };
        }

        diagnostics.Error(DiagnosticCodes.BadServerName, value.Place,
            $"{value.Place.Path} is {value.Quoted}; write a DNS name such as orders.internal.example (an address "
            + "cannot be sent as a server name).");
        return null;
    }
}
