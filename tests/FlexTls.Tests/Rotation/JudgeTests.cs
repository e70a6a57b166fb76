using System.Security.Cryptography;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>At the swap the servers of old connections are judged again: who is refused now is closed at once.</summary>
public class JudgeTests
{
    private readonly Gate _gate = new();

    public static TheoryData<string, string> Changes { get; } = new()
    {
        { "another CA", "FTLS5003" },
        { "another pin", "FTLS5017" },
        { "another name", "FTLS5026" },
        { "another server name", "FTLS5021" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task AServerThatTheNewPolicyRefuses_LosesItsConnectionsAtOnceAndSaysWhy(string change, string code)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        await rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Changed(change));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Contains(
            $"{code}: FlexTls closed the connection to upstream 'orders': the policy that is in force now refuses the "
            + "server's certificate",
            Reasons.Of(failed), StringComparison.Ordinal);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        Assert.Single(rotation.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains($"closed 1 connection of generation 1, because the policy in force refuses the server. {code}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ALogThatHangs_KeepsNoRefusedConnectionOpen()
    {
        using var goOn = new ManualResetEventSlim();
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var first = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        rotation.Swap(Identities.Policy(2));
        var second = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        rotation.Log.Written = line =>
        {
            if (line.Contains("refuses the server", StringComparison.Ordinal))
            {
                goOn.Wait();
            }
        };

        var swap = Task.Run(() => rotation.Swap(Pki.Trusting(Pki.Foreign)), Deadline.Token());

        await Assert.ThrowsAsync<HttpRequestException>(() => first);
        await Assert.ThrowsAsync<HttpRequestException>(() => second);
        goOn.Set();
        await swap;
    }

    [Fact]
    public async Task ALogThatThrows_SkipsNoJudging()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        await rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
        rotation.Log.Written = line =>
        {
            if (line.Contains("is in force", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("The log is full.");
            }
        };

        rotation.Swap(Pki.Trusting(Pki.Foreign));

        await server.EndOfAllAsync(Deadline.Token());
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AnIdleConnectionToARefusedServer_IsClosedAtOnce(string alpn)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        await rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());

        rotation.Swap(Pki.Trusting(Pki.Foreign));

        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task AServerThatWasNotValidated_IsValidatedNow()
    {
        await using var foreign = await StartAsync(Loopbacks.ForeignCertificate);
        await using var good = await StartAsync();
        var options = Pki.Trusting();
        options.DangerousSkipValidation = true;
        await using var rotation = RotatingUpstream.Under(options);
        var answers = new[] { rotation.Client.GetStringAsync(foreign.Address, Deadline.Token()), rotation.Client.GetStringAsync(good.Address, Deadline.Token()) };
        await _gate.ArrivalAsync();
        await _gate.ArrivalAsync();

        rotation.Swap(Pki.Trusting());

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answers[0])), StringComparison.Ordinal);
        _gate.Open();
        Assert.Equal("done", await answers[1]);
    }

    [Fact]
    public async Task AServerThatTheNewPolicyAcceptsToo_KeepsItsConnections()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var both = Identities.Policy(2);
        both.TrustedCA = Pki.Foreign.Pem + "\n" + Pki.Root.Pem;

        rotation.Swap(both);
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal("done", await answer);
        Assert.Empty(rotation.Log.Warnings);
    }

    [Fact]
    public async Task AnOldGeneration_IsJudgedByEveryNewOne()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassGrace();
        Assert.Equal((0, 1), rotation.Counts);
        rotation.Swap(Pki.Trusting(Pki.Foreign));

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheTargetOfARedirect_IsJudgedAsOne(bool isAccepted)
    {
        // Its certificate is good for the host that was connected alone, and not for the name that the upstream must have.
        await using var target = await StartAsync(Pki.Root.IssueServer("localhost"));
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => target.Address, Pki.Root.IssueServer("localhost", Pki.Host)), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(front.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var options = isAccepted ? Identities.Policy(2) : Pki.Trusting(Pki.Foreign);
        options.Extensions = new OutboundTlsExtensionOptions { SubjectAltNames = [new SubjectAltNameOptions { Type = "DNS", Value = Pki.Host }] };

        rotation.Swap(options);

        if (isAccepted)
        {
            Assert.Equal((0, 2), rotation.Counts);
            _gate.Open();
            Assert.Equal("done", await answer);
        }
        else
        {
            Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
            Assert.Equal((0, 0), rotation.Counts);
        }

        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
    }

    [Fact]
    public async Task TheTargetOfARedirect_UnderAPolicyThatSkipsValidation_IsStillValidatedAtTheSwap()
    {
        await using var target = await StartAsync();
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address, Loopbacks.ForeignCertificate), Deadline.Token());
        var options = Pki.Trusting(Pki.Root);
        options.DangerousSkipValidation = true;
        await using var rotation = RotatingUpstream.Under(options);
        var answer = rotation.Client.GetStringAsync(front.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        Assert.Equal((2, 0), rotation.Counts);
        var other = Pki.Trusting(Pki.Foreign);
        other.DangerousSkipValidation = true;

        rotation.Swap(other);

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        Assert.Equal((0, 1), rotation.Counts);
    }

    private static OutboundTlsOptions Changed(string what)
    {
        var options = what == "another CA" ? Pki.Trusting(Pki.Foreign) : Pki.Trusting();
        options.Extensions = what switch
        {
            "another pin" => new OutboundTlsExtensionOptions { Pins = new PinsOptions { SpkiSha256 = [Convert.ToBase64String(SHA256.HashData(Pki.Foreign.Certificate.PublicKey.ExportSubjectPublicKeyInfo()))] } },
            "another name" => new OutboundTlsExtensionOptions { SubjectAltNames = [new SubjectAltNameOptions { Type = "DNS", Value = "payments.example" }] },
            "another server name" => new OutboundTlsExtensionOptions { ServerName = "payments.example" },
            _ => null,
        };
        return options;
    }

    private Task<HttpUpstream> StartAsync(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null) => HttpUpstream.StartAsync(Loopbacks.Asking(certificate) with
    {
        Respond = async context =>
        {
            if (context.Request.Path != "/now")
            {
                await _gate.PassAsync().WaitAsync(context.RequestAborted);
            }

            await context.Response.WriteAsync("done", context.RequestAborted);
        },
    }, Deadline.Token());
}
