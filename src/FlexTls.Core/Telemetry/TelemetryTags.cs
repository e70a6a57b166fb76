namespace FlexTls;

/// <summary>The attributes of measurements and activities, named by the conventions of OpenTelemetry.</summary>
internal static class TelemetryTags
{
    public const string Upstream = "flextls.upstream";
    public const string Kind = "flextls.upstream.kind";
    public const string State = "flextls.connection.state";
    public const string Role = "flextls.certificate.role";
    public const string Outcome = "flextls.reload.outcome";
    public const string Weakening = "flextls.weakening";
    public const string Mutual = "flextls.mutual";
    public const string ServerAddress = "server.address";
    public const string ProtocolName = "tls.protocol.name";
    public const string ProtocolVersion = "tls.protocol.version";
    public const string NextProtocol = "tls.next_protocol";
    public const string Cipher = "tls.cipher";
    public const string Curve = "tls.curve";
    public const string Resumed = "tls.resumed";
    public const string ErrorType = "error.type";
}
