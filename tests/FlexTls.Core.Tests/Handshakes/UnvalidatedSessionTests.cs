using System.Net;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>A later runtime may stop validating the servers of resumed sessions.</summary>
public class UnvalidatedSessionTests
{
    private const string Variable = "FLEXTLS_TEST_UNVALIDATED_SESSIONS";

    [Fact]
    public async Task AResumedSessionThatWasNotValidated_IsTheLastOneOfTheProcess()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            await ChildProcess.RunAsync(
                typeof(UnvalidatedSessionTests),
                nameof(AResumedSessionThatWasNotValidated_IsTheLastOneOfTheProcess), (Variable, "1"));
            return;
        }

        using var log = new RecordingLogger();
        var (endPoint, host) = (new DnsEndPoint("localhost", 443), HostName.Parse("localhost"));
        var generation = Pki.Context(Pki.Trusting()).Generation;
        var failure = generation.Failures.Create(DiagnosticCodes.ValidatorNotCalled, "localhost", "not validated.");
        var resumption = new Resumption(identity: null, TimeProvider.System, log);
        Assert.True(PlatformSessions.MayResume(host.Text, identity: null));

        for (var i = 0; i < 2; i++)
        {
            var trace = new HandshakeTrace();
            trace.Received(ServerHelloTests.Resuming);
            var verification = new HandshakeVerification(generation.Upstream.Validator, host) { Trace = trace };
            Assert.True(verification.Hello!.Value.IsResumed);
            Assert.Equal(
                OfferKind.Whole, resumption.AfterFailure(endPoint, OfferKind.Resuming, failure, verification));
        }

        Assert.False(PlatformSessions.MayResume(host.Text, identity: null));
        Assert.Contains("no longer resumes sessions", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }
}
