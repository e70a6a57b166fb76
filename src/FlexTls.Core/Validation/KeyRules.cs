namespace FlexTls;

/// <summary>
/// Every key on the path must be of an accepted kind and size, and the platform must be able to verify with it.
/// </summary>
internal static class KeyRules
{
    public static IEnumerable<ServerCertificateFailure> Check(IEnumerable<DecodedCertificate> path) =>
        path.Select(Check).OfType<ServerCertificateFailure>();

    /// <summary>
    /// The reason if a key is of a kind that FlexTls or the platform does not support, so that it may not even be
    /// readable.
    /// </summary>
    public static ServerCertificateFailure? NotUnderstood(DecodedCertificate certificate) =>
        KeyDescription.Of(certificate).Verdict is KeyVerdict.Unsupported or KeyVerdict.NotOnPlatform
            ? Check(certificate)
            : null;

    private static ServerCertificateFailure? Check(DecodedCertificate certificate)
    {
        var key = KeyDescription.Of(certificate);
        var finding = $"the key of {certificate.Shown} is {key.Text}";
        var hint = $"reissue the certificate with a key of {KeyDescription.Allowed}";
        return key.Verdict switch
        {
            KeyVerdict.Accepted => null,
            KeyVerdict.Weak => Refusal.Of(
                DiagnosticCodes.WeakServerKey, "a key is too weak", finding, hint, KeyDescription.Allowed, key.Text),
            KeyVerdict.NotOnPlatform => Refusal.Of(
                DiagnosticCodes.ServerKeyNotOnPlatform,
                "a key is of a kind that this platform does not verify with", finding,
                "use a platform whose TLS library has that kind (ML-DSA: OpenSSL 3.5), or reissue the certificate "
                + "with an RSA or EC key",
                KeyDescription.Allowed, key.Text),
            _ => Refusal.Of(
                DiagnosticCodes.UnsupportedServerKey,
                "a key is of a kind that is not accepted", finding, hint, KeyDescription.Allowed, key.Text),
        };
    }
}
