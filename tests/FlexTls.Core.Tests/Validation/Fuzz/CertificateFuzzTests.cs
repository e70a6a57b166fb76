using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace FlexTls.Validation.Fuzz;

/// <summary>
/// Whatever a server presents, validation ends with a verdict and never otherwise; and what is accepted may be accepted by
/// a second reading of the rules, which shares no code with the first.
/// </summary>
public sealed class CertificateFuzzTests
{
    private const int Seed = 9525;
    private const int MostShown = 3;

    [Fact]
    public void AMutatedChain_GivesNothingButAVerdict_AndIsNeverAcceptedWrongly() => JudgeAll(800, TimeSpan.MaxValue);

    [Fact(Explicit = true)]
    public void AMutatedChain_GivesNothingButAVerdict_AndIsNeverAcceptedWrongly_Soak() => JudgeAll(12_000, TimeSpan.FromSeconds(30));

    private static void JudgeAll(int most, TimeSpan limit)
    {
        var (generator, elapsed) = (new CaseGenerator(Seed), Stopwatch.StartNew());
        var contexts = new FuzzContexts();
        var (tally, faults) = (new FuzzTally(), new List<(int Number, Exception What, FuzzCase Case)>());
        for (var number = 0; number < most && elapsed.Elapsed < limit; number++)
        {
            var @case = generator.Make(number);
            try
            {
                Judge(@case, number, contexts, tally);
            }
            catch (Exception e)
            {
                faults.Add((number, e, @case));
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(tally.ToString());
        Assert.True(faults.Count == 0, $"seed {Seed}:\n{string.Join('\n', faults.Select(fault => $"case {fault.Number}: {fault.What.Message}"))}\n"
            + $"the first in full:\n{string.Join('\n', faults.Take(MostShown).Select(fault => $"case {fault.Number}: {fault.What}\n{fault.Case.Pem()}"))}");
        tally.AssertItIsWorthSomething();
    }

    private static void Judge(FuzzCase @case, int number, FuzzContexts contexts, FuzzTally tally)
    {
        if (Load(@case.Server) is not { } server)
        {
            tally.Unloadable++;
            return;
        }

        var sent = new X509Certificate2Collection(@case.Sent.Select(Load).OfType<X509Certificate2>().ToArray());
        var result = contexts.For(@case.Anchors).ValidateServerCertificate(server, sent, @case.Host.Asked);

        Assert.NotEmpty(result.ToString());
        var objection = IndependentReading.Objection(@case);
        Assert.False(result.IsValid && objection is not null, $"It is accepted, but: {objection}.");
        tally.Add(number, result, objection);
    }

    /// <summary>What the platform does not take for a certificate never comes as far as the validator.</summary>
    private static X509Certificate2? Load(byte[] certificate)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(certificate);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
