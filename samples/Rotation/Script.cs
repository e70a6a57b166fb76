namespace Rotation;

/// <summary>What happens to the files, second by second: everything that makes people restart their programs.</summary>
internal static class Script
{
    /// <summary>The steps up to both halves of a certificate, which even the shortest run shows.</summary>
    public const int Shortest = 3;

    /// <summary>Each step is carried out when it is asked for. There is no last one.</summary>
    public static IEnumerable<Step> Run(PolicyFiles files, ClientCA ca)
    {
        while (true)
        {
            var client = ca.Issue();
            files.WriteAll(client);
            yield return Step.Good("a new certificate", client);

            client = ca.Issue();
            files.WriteKey(client);
            files.WriteHalf(client);
            yield return Step.Bad("half of a new certificate", "FTLS3004");

            files.AppendHalf(client);
            yield return Step.Good("the other half", client);

            client = ca.Issue();
            files.WriteKey(client);
            yield return Step.Bad("a new key alone", "FTLS3008");

            files.WriteCertificate(client);
            yield return Step.Good("its certificate", client);

            files.BreakPolicy();
            yield return Step.Bad("a policy that is no YAML", "FTLS1001");

            client = ca.Issue();
            files.WriteAll(client);
            yield return Step.Good("the policy as before, a new certificate", client);

            files.DeletePolicy();
            yield return Step.Bad("no policy", "FTLS7016");

            client = ca.Issue();
            files.WriteAll(client);
            yield return Step.Good("the policy as before, a new certificate", client);
        }
    }
}
